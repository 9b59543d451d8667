import { type CardWords, markSize, measures } from './card-layout.ts'
import type { CardSize } from './card-picture.ts'
import { cardSizes } from './card-picture.ts'
import { logoShapes } from './logo.ts'
import { wheel } from './wheel.ts'

export const paper = '#faf8f3'
const ink = '#1b1a17'
const soft = '#5a554b'
const bars = '#dcd8cf'

/** What satori takes: the shape of a React element. */
export type SatoriElement = {
  type: string
  props: { style: Record<string, string | number>; children?: SatoriElement[] | string }
}

const box = (style: Record<string, string | number>, children: SatoriElement[] | string): SatoriElement => ({
  type: 'div',
  props: { style: { display: 'flex', ...style }, children },
})

/** One line of text. The strut gives lines of either typeface, or of both, the same baseline. */
function line(text: string, style: Record<string, string | number> = {}): SatoriElement {
  const strut = box({ width: 0, opacity: 0, fontFamily: 'Noto Serif' }, 'x')
  return box({ whiteSpace: 'nowrap', alignItems: 'baseline', position: 'relative', top: '-0.1em', ...style }, [
    strut,
    box({}, text),
  ])
}

/** The layer of words; satori turns it into outlines. */
export function wordsElement(words: CardWords, size: CardSize): SatoriElement {
  const { width, height } = cardSizes[size]
  const { margin, band, small, authors, title } = measures[size]
  return box({ width, height, flexDirection: 'column', color: ink, fontFamily: 'Newsreader', fontWeight: 500 }, [
    box(
      {
        height: band,
        padding: `0 ${margin}px`,
        alignItems: 'center',
        justifyContent: 'space-between',
        fontSize: small,
        color: paper,
      },
      [line(words.kicker), line(words.site, { marginRight: markSize(size) + small * 0.4 })],
    ),
    box(
      {
        height: height - band - title.top - title.bottom,
        margin: `${title.top}px ${margin}px 0`,
        flexDirection: 'column',
        justifyContent: 'center',
        fontSize: words.title?.size ?? small,
        fontWeight: 600,
        lineHeight: title.lineHeight,
      },
      (words.title?.lines ?? []).map((text) => line(text, { height: (words.title?.size ?? 0) * title.lineHeight })),
    ),
    box({ height: title.bottom, padding: `0 ${margin}px`, alignItems: 'center', fontSize: authors, color: soft }, [
      line(words.authors),
    ]),
  ])
}

/** Everything of a card that is no word: the paper, the band, the wheel, and bars for a title that cannot be drawn. */
export function groundShapes(words: CardWords, size: CardSize, tint: string, turn: number): string {
  const { width, height } = cardSizes[size]
  const { margin, band } = measures[size]
  const mark = markSize(size)
  const shapes = [
    `<rect width="${width}" height="${height}" fill="${paper}"/>`,
    `<g stroke="${paleOf(tint)}">${wheel(width * 0.9, height * 0.98, height * 0.5, turn)}</g>`,
    `<rect width="${width}" height="${band}" fill="${tint}"/>`,
    `<rect y="${band + band / 16}" width="${width}" height="${band / 32}" fill="${tint}"/>`,
    `<g fill="${paper}" transform="translate(${width - margin - mark} ${(band - mark) / 2}) scale(${mark / 32})">${logoShapes}</g>`,
  ]
  if (!words.title) {
    const bar = height * 0.09
    for (const [index, share] of [1, 0.9, 0.55].entries()) {
      const y = band + height * 0.14 + index * bar * 1.75
      shapes.push(
        `<rect x="${margin}" y="${y}" width="${(width - 2 * margin) * share}" height="${bar}" fill="${bars}"/>`,
      )
    }
  }
  return shapes.join('')
}

/** An ink thinned with paper. Solid, because transparency costs resvg a second canvas. */
function paleOf(tint: string): string {
  const channel = (hex: string, at: number) => Number.parseInt(hex.slice(at, at + 2), 16)
  const mix = (at: number) => Math.round(0.13 * channel(tint, at) + 0.87 * channel(paper, at))
  return `rgb(${mix(1)},${mix(3)},${mix(5)})`
}
