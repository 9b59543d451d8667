import { BadCursorError } from './engine-query.ts'

/** The place after the last hit of a page: its key in the order (score, day, or place in the caller's list) and its id. */
export type Cursor = { order: 'relevance' | 'newest' | 'list'; key: number; id: number }

export function writeCursor({ order, key, id }: Cursor): string {
  return Buffer.from(JSON.stringify([order, key, id])).toString('base64url')
}

/** Throws `BadCursorError` for anything that `writeCursor` did not write for the same order. */
export function readCursor(text: string, order: Cursor['order']): Cursor {
  let read: unknown
  try {
    read = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    read = undefined // said below, with the other ways of being wrong
  }
  if (
    Array.isArray(read) &&
    read.length === 3 &&
    read[0] === order &&
    Number.isFinite(read[1]) &&
    Number.isFinite(read[2])
  )
    return { order, key: read[1], id: read[2] }
  throw new BadCursorError(`"${text.slice(0, 80)}" is no place in this list. Start from its first page.`)
}
