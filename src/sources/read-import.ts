import type { Readable } from 'node:stream'
import { AppError } from '../errors.ts'
import { createBibtexReader } from './formats/bibtex-reader.ts'
import { readBytes, startingWith, type Trail } from './formats/byte-source.ts'
import { decodeText } from './formats/decode-text.ts'
import { adviceFor, detectFormat } from './formats/detect-format.ts'
import {
  excerpt,
  type ImportFormat,
  type ImportItem,
  importFormats,
  type RecordReader,
  type RecordSink,
} from './formats/import-item.ts'
import { createJsonReader } from './formats/json-reader.ts'
import { createListingReader } from './formats/listing-reader.ts'
import { createRisReader } from './formats/ris-reader.ts'

export { detectFormat } from './formats/detect-format.ts'
export { type ImportFormat, type ImportItem, importFormats, type ListingFact } from './formats/import-item.ts'

/** What is looked at to tell the format. */
const HEAD_BYTES = 64 * 1024
/** What is handed out at once comes from no more than this much of the unpacked file. */
const BATCH_BYTES = 256 * 1024

export type ImportOptions = {
  /** Of the file, for messages and where its content does not tell the format. */
  name: string
  as?: ImportFormat
  /** Called once, before the first item. */
  onFormat?: (format: ImportFormat) => void
}

/**
 * Reads papers out of the raw bytes of a file, in batches and in file order, whatever its format, packing (gzip) and
 * encoding. Bad content never throws: it becomes a `bad` item, and a file that breaks off ends with one that says so.
 * Throws `unreadable_file` if nothing could be read and `unknown_format` if it is none of ours. Empty files are fine.
 */
export async function* readImport(input: Readable, options: ImportOptions): AsyncGenerator<ImportItem[]> {
  const trail: Trail = { bytes: 0 }
  const chunks = await startingWith(HEAD_BYTES, readBytes(input, trail))
  try {
    const head = decodeText(chunks.head.subarray(0, HEAD_BYTES))
    if (head.trim() === '' && trail.failure !== undefined) {
      throw new AppError('unreadable_file', `${options.name} cannot be read: ${trail.failure}.`)
    }
    if (head.trim() === '' && chunks.head.length < HEAD_BYTES) return
    const format = options.as ?? detectFormat(head, options.name)
    if (format === undefined) throw unknownFormat(options.name, head)
    options.onFormat?.(format)

    let items: ImportItem[] = []
    const sink: RecordSink = {
      paper: (line, paper, listing) => {
        const { bytes } = trail
        items.push(listing ? { kind: 'paper', line, bytes, paper, listing } : { kind: 'paper', line, bytes, paper })
      },
      bad: (line, reason) => items.push({ kind: 'bad', line, bytes: trail.bytes, reason }),
    }
    const reader = createReader(format, head, sink)
    for await (const chunk of chunks.all()) {
      for (let at = 0; at < chunk.length; at += BATCH_BYTES) {
        reader.push(chunk.subarray(at, at + BATCH_BYTES))
        if (items.length > 0) yield items
        items = []
      }
    }
    reader.end(trail.failure !== undefined)
    if (trail.failure !== undefined) sink.bad(reader.line(), `file: it breaks off here: ${trail.failure}`)
    if (items.length > 0) yield items
  } finally {
    input.destroy()
  }
}

function createReader(format: ImportFormat, head: string, sink: RecordSink): RecordReader {
  if (format === 'bibtex') return createBibtexReader(sink)
  if (format === 'ris') return createRisReader(sink)
  if (format === 'listing') return createListingReader(sink)
  return createJsonReader(format, head, sink)
}

function unknownFormat(name: string, head: string): AppError {
  const advice = adviceFor(head) ?? `Name the format with --as, one of ${importFormats.join(', ')}.`
  return new AppError(
    'unknown_format',
    `${name} is in no format that can be imported: expected JSON, BibTeX, RIS or a copied list of titles and ` +
      `abstracts, got text that begins with "${excerpt(head)}". ${advice}`,
  )
}
