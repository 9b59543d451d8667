import { type FontGlyphs, readFontGlyphs } from './font-glyphs.ts'

/** A font with the fonts that stand in for it, seen as one. */
export type Typeface = {
  has(character: string): boolean
  /** The width of a text in pixels at this size of letter, without kerning: never much less than what is drawn. */
  width(text: string, size: number): number
}

/** The first file that has a character draws it. */
export function createTypeface(files: Uint8Array[]): Typeface {
  const fonts: FontGlyphs[] = files.map(readFontGlyphs)
  const widths = new Map<string, number | undefined>()
  const widthOf = (character: string) => {
    if (!widths.has(character)) {
      const codePoint = character.codePointAt(0) as number
      widths.set(
        character,
        fonts.map((font) => font.widthOf(codePoint)).find((width) => width !== undefined),
      )
    }
    return widths.get(character)
  }
  return {
    has: (character) => widthOf(character) !== undefined,
    width: (text, size) => size * [...text].reduce((sum, character) => sum + (widthOf(character) ?? 0), 0),
  }
}
