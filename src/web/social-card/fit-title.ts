import type { Typeface } from './typeface.ts'

/** Pixels, and letter sizes from the one to try first to the one that is never undercut. */
export type TitleSpace = {
  width: number
  height: number
  sizes: readonly number[]
  lineHeight: number
  maxLines: number
}
export type FittedTitle = { size: number; lines: string[] }

/** The largest letters in which a title fits its space; in the smallest, what does not fit ends in an ellipsis. */
export function fitTitle(title: string, face: Typeface, space: TitleSpace): FittedTitle {
  const { width, height, sizes, lineHeight, maxLines } = space
  for (const size of sizes) {
    const room = Math.min(maxLines, Math.floor(height / (size * lineHeight)))
    const lines = wrap(title, (text) => face.width(text, size) <= width)
    // A long word is broken in the smallest letters only.
    const isBroken = lines.some(({ broken }) => broken)
    if (lines.length <= room && !isBroken) return { size, lines: balance(title, face, size, width, lines.length) }
    if (size === sizes.at(-1))
      return {
        size,
        lines: cut(
          lines.map(({ text }) => text),
          room,
          (text) => face.width(text, size) <= width,
        ),
      }
  }
  throw new Error('expected at least one size of letter')
}

type Line = { text: string; broken?: true }

/** Fills lines from the left. Only a word longer than a line is broken: after its hyphens and slashes, else anywhere. */
function wrap(text: string, fits: (text: string) => boolean): Line[] {
  const lines: Line[] = []
  let line = ''
  const endLine = (broken?: true) => {
    if (line) lines.push(broken ? { text: line, broken } : { text: line })
    line = ''
  }
  for (const word of text.split(' ')) {
    const joined = line ? `${line} ${word}` : word
    if (fits(joined)) {
      line = joined
      continue
    }
    endLine()
    if (fits(word)) line = word
    else
      for (const part of partsOf(word, fits)) {
        if (line && !fits(line + part)) endLine(true)
        line += part
      }
  }
  endLine()
  return lines
}

/** Pieces of a long word, each of which fits a line. */
function partsOf(word: string, fits: (text: string) => boolean): string[] {
  return word.split(/(?<=[/–—-])/).flatMap((part) => (fits(part) ? [part] : [...part]))
}

/** The narrowest wrapping of the same number of lines: a last line of one short word looks like a mistake. */
function balance(title: string, face: Typeface, size: number, width: number, count: number): string[] {
  const wrapTo = (limit: number) => wrap(title, (text) => face.width(text, size) <= limit)
  let [low, high] = [width / 2, width]
  while (high - low > size / 4) {
    const middle = (low + high) / 2
    const lines = wrapTo(middle)
    if (lines.length > count || lines.some(({ broken }) => broken)) low = middle
    else high = middle
  }
  return wrapTo(high).map(({ text }) => text)
}

function cut(lines: string[], room: number, fits: (text: string) => boolean): string[] {
  if (lines.length <= room) return lines
  return [...lines.slice(0, room - 1), ellipsize(`${lines[room - 1]} ${lines[room]}`, fits, true)]
}

/** The longest beginning that fits, with an ellipsis when that is not the whole text or more follows. */
export function ellipsize(text: string, fits: (text: string) => boolean, more = false): string {
  if (!more && fits(text)) return text
  const characters = [...text]
  while (characters.length > 0 && !fits(`${characters.join('')}…`)) characters.pop()
  const kept = characters.join('')
  // End at a word when one ends near.
  const wordEnd = kept.slice(-12).search(/[\s,;:.–—-]+\S*$/)
  const end = wordEnd > 0 ? kept.length - Math.min(12, kept.length) + wordEnd : kept.length
  return `${kept.slice(0, end).trimEnd()}…`
}
