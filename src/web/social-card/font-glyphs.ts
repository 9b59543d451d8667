/** What drawing must know of a font before it draws: which characters it has and how wide they are. */
export type FontGlyphs = {
  /** The width of a character in ems; nothing when the font has no glyph for it. */
  widthOf(codePoint: number): number | undefined
}

/** Reads the character map and the widths of a TrueType file. Throws a plain error on a file that is none. */
export function readFontGlyphs(file: Uint8Array): FontGlyphs {
  const data = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const tables = new Map<string, number>()
  for (let index = 0, at = 12; index < data.getUint16(4); index++, at += 16) {
    tables.set(String.fromCharCode(...file.subarray(at, at + 4)), data.getUint32(at + 8))
  }
  const table = (name: string) => {
    const offset = tables.get(name)
    if (offset === undefined) throw new Error(`expected a TrueType font; this file has no table "${name}"`)
    return offset
  }
  const unitsPerEm = data.getUint16(table('head') + 18)
  const widthCount = data.getUint16(table('hhea') + 34)
  const widths = table('hmtx')
  const glyphs = readCharacterMap(data, table('cmap'))
  return {
    widthOf(codePoint) {
      const glyph = glyphs.get(codePoint)
      // Glyphs after the last width share it.
      return glyph && data.getUint16(widths + 4 * Math.min(glyph, widthCount - 1)) / unitsPerEm
    },
  }
}

/** The glyph of each character, from the two kinds of subtable that Unicode fonts have (4 and 12). */
function readCharacterMap(data: DataView, cmap: number): Map<number, number> {
  const glyphs = new Map<number, number>()
  for (let index = 0; index < data.getUint16(cmap + 2); index++) {
    const subtable = cmap + data.getUint32(cmap + 4 + 8 * index + 4)
    const format = data.getUint16(subtable)
    if (format === 4) readSegments(data, subtable, glyphs)
    if (format === 12) readGroups(data, subtable, glyphs)
  }
  glyphs.delete(0xffff)
  return glyphs
}

function readSegments(data: DataView, at: number, glyphs: Map<number, number>) {
  const bytes = data.getUint16(at + 6)
  for (let segment = 0; segment < bytes; segment += 2) {
    const last = data.getUint16(at + 14 + segment)
    const first = data.getUint16(at + 16 + bytes + segment)
    const delta = data.getUint16(at + 16 + 2 * bytes + segment)
    const rangeAt = at + 16 + 3 * bytes + segment
    const range = data.getUint16(rangeAt)
    for (let code = first; code <= last; code++) {
      const listed = range === 0 ? code : data.getUint16(rangeAt + range + 2 * (code - first))
      const glyph = listed === 0 ? 0 : (listed + delta) & 0xffff
      if (glyph !== 0) glyphs.set(code, glyph)
    }
  }
}

function readGroups(data: DataView, at: number, glyphs: Map<number, number>) {
  for (let group = 0; group < data.getUint32(at + 12); group++) {
    const from = at + 16 + 12 * group
    const first = data.getUint32(from)
    const glyph = data.getUint32(from + 8)
    for (let code = first; code <= data.getUint32(from + 4); code++) glyphs.set(code, glyph + code - first)
  }
}
