import { decodeText } from './decode-text.ts'
import { MAX_RECORD_BYTES, type RecordReader, tooLong } from './import-item.ts'

/** A single object that is the whole document may be larger than a record: it may hold a list. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024

const [QUOTE, BACKSLASH, COMMA, COLON, NEWLINE] = [0x22, 0x5c, 0x2c, 0x3a, 0x0a]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/** Where we are: outside, in a list of records, in an object of lists by key, or in one of those lists. */
type Level = 'outside' | 'list' | 'keyed' | 'keyed-list'

/**
 * Cuts a JSON document into its records without ever holding the whole of it: the elements of a top-level list, or,
 * where the document is keyed (`{"2025-01-02": [...], ...}`), the elements of each list with their key. Several
 * documents may follow each other. Elements are not checked: a broken one is handed on like the others.
 */
export function createJsonSplitter(
  isKeyed: boolean,
  on: {
    record: (text: string, line: number, key: string | undefined) => void
    bad: (line: number, reason: string) => void
  },
): RecordReader {
  let level: Level = 'outside'
  let key: string | undefined
  let line = 1
  /** The element being read: its pieces, or none when it grew too long. */
  let isInside = false
  let pieces: Buffer[] = []
  let bytes = 0
  let startLine = 1
  let depth = 0
  let isInString = false
  let isEscaped = false
  let strayLine = 0

  const limit = () => (level === 'outside' ? MAX_DOCUMENT_BYTES : MAX_RECORD_BYTES)
  const keep = (piece: Buffer) => {
    bytes += piece.length
    if (bytes > limit()) pieces = []
    else pieces.push(piece)
  }
  const open = () => {
    isInside = true
    pieces = []
    bytes = depth = 0
    isInString = isEscaped = false
    startLine = line
  }
  const close = () => {
    isInside = false
    if (bytes > limit()) return on.bad(startLine, tooLong('record', bytes))
    const text = decodeText(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces))
    pieces = []
    if (level === 'keyed' && key === undefined && text.startsWith('"')) key = text.slice(1, -1)
    else if (level === 'keyed' && !text.startsWith('{')) key = undefined
    else {
      on.record(text, startLine, key)
      if (level === 'keyed') key = undefined
    }
  }
  /** Reads on within an element; answers where it ends, or the chunk's end if it goes on in the next one. */
  const inside = (chunk: Buffer, from: number): number => {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (byte === NEWLINE) line += 1
      if (isInString) {
        if (isEscaped) isEscaped = false
        else if (byte === BACKSLASH) isEscaped = true
        else if (byte === QUOTE) {
          isInString = false
          if (depth === 0) return finish(chunk, from, at + 1)
        }
      } else if (byte === QUOTE) isInString = true
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (depth === 0) return finish(chunk, from, at)
        depth -= 1
        if (depth === 0) return finish(chunk, from, at + 1)
      } else if (depth === 0 && (byte === COMMA || byte === COLON || byte <= 0x20)) {
        if (byte === NEWLINE) line -= 1
        return finish(chunk, from, at)
      }
    }
    keep(chunk.subarray(from))
    return chunk.length
  }
  const finish = (chunk: Buffer, from: number, end: number): number => {
    keep(chunk.subarray(from, end))
    close()
    return end
  }
  /** One byte between elements. Answers whether an element starts with it. */
  const between = (byte: number): boolean => {
    if (byte === NEWLINE) line += 1
    if (byte <= 0x20 || byte === COMMA || byte === COLON) return false
    if (byte === OPEN_LIST && (level === 'outside' || (level === 'keyed' && key !== undefined))) {
      level = level === 'outside' ? 'list' : 'keyed-list'
    } else if (byte === OPEN_OBJECT && level === 'outside' && isKeyed) level = 'keyed'
    else if (byte === CLOSE_LIST && level === 'list') level = 'outside'
    else if (byte === CLOSE_LIST && level === 'keyed-list') {
      level = 'keyed'
      key = undefined
    } else if (byte === CLOSE_OBJECT && level === 'keyed') level = 'outside'
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      if (strayLine !== line)
        on.bad(line, `${String.fromCharCode(byte)}: closes a record or list that was never opened`)
      strayLine = line
    } else return true
    return false
  }
  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; ) {
        if (!isInside) {
          if (!between(chunk[at]!)) {
            at += 1
            continue
          }
          open()
        }
        at = inside(chunk, at)
      }
    },
    end(isBrokenOff) {
      if (isInside && depth === 0 && !isInString) close()
      else if (isInside && !isBrokenOff) on.bad(startLine, 'record: the file ends inside it')
      if (level !== 'outside' && !isInside && !isBrokenOff) on.bad(line, 'file: it ends before its list is closed')
    },
    line: () => line,
  }
}
