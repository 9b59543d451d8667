import type { PaperRecord } from '../../papers/index.ts'

export const importFormats = ['jsonl', 'daily-papers', 'dated-list', 'bibtex', 'ris', 'listing'] as const
export type ImportFormat = (typeof importFormats)[number]

/** The paper belongs to this past edition: `day` is `YYYY-MM-DD`, `placement` counts from 1, `site` is where it was. */
export type ListingFact = { day: string; placement?: number; submittedBy?: string; site?: string }

/** One record of a file, in file order. `line` counts from 1; `bytes` have been read from the file so far. */
export type ImportItem =
  | { kind: 'paper'; line: number; bytes: number; paper: PaperRecord; listing?: ListingFact }
  | { kind: 'bad'; line: number; bytes: number; reason: string }

/** Where readers put what they find. */
export type RecordSink = {
  paper(line: number, paper: PaperRecord, listing?: ListingFact): void
  bad(line: number, reason: string): void
}

/** Takes the bytes of a file piece by piece. `end(true)` says that the file broke off: what is unfinished is dropped. */
export type RecordReader = {
  push(chunk: Buffer): void
  end(isBrokenOff: boolean): void
  /** The line that was reached: where a file that broke off broke off. */
  line(): number
}

/** A record or line longer than this is skipped, so that memory stays bounded whatever the file holds. */
export const MAX_RECORD_BYTES = 8 * 1024 * 1024

const EXCERPT_LENGTH = 80

/** What is wrong with one record, in words that name the field. */
export class BadRecord extends Error {
  constructor(field: string, problem: string) {
    super(`${field}: ${problem}`)
    this.name = 'BadRecord'
  }
}

/** The beginning of an input on one line, for messages. */
export function excerpt(value: unknown): string {
  const text = typeof value === 'string' ? value : jsonText(value)
  const line = text
    .slice(0, EXCERPT_LENGTH * 4)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .toWellFormed()
  return line.length > EXCERPT_LENGTH || text.length > EXCERPT_LENGTH * 4
    ? `${line.slice(0, EXCERPT_LENGTH - 1)}…`
    : line
}

function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    // Nested more deeply than can be written.
    return Array.isArray(value) ? '[[[' : `${typeof value}`
  }
}

/** Runs one conversion; a bad record is told to the sink and reading goes on. */
export function attempt(sink: RecordSink, line: number, convert: () => void): void {
  try {
    convert()
  } catch (error) {
    if (!(error instanceof BadRecord)) throw error
    sink.bad(line, error.message)
  }
}

export function tooLong(what: string, bytes: number): string {
  return `${what}: ${bytes.toLocaleString('en')} bytes, more than the ${MAX_RECORD_BYTES.toLocaleString('en')} a record may have; skipped`
}
