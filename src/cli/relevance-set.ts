import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AppError } from '../errors.ts'
import type { SetDocument, SetQuery } from '../search/index.ts'

/** What was read of a file, and the lines that could not be used: how many, and the first few by name. */
export type ReadFile<T> = { rows: T[]; bad: { count: number; named: string[] } }
const mostNamed = 5

/** `{"_id", "title", "text"}` a line; `authors`, as a text or a list, is taken along where a set has it. */
export function readCorpus(path: string): Promise<ReadFile<SetDocument>> {
  const seen = new Set<string>()
  return readRows(path, (line) => {
    const record = parseRecord(line)
    const id = idOf(record)
    if (seen.has(id)) throw new Error(`the document ${id} came before`)
    const authors = Array.isArray(record.authors)
      ? record.authors.map(String)
      : record.authors
        ? [textOf(record, 'authors')]
        : []
    const document = { id, title: textOf(record, 'title'), text: textOf(record, 'text'), authors }
    seen.add(id)
    return document
  })
}

/** `{"_id", "text"}` a line. */
export function readQueries(path: string): Promise<ReadFile<SetQuery>> {
  return readRows(path, (line) => {
    const record = parseRecord(line)
    if (typeof record.text !== 'string') throw new Error('it has no "text"')
    return { id: idOf(record), text: record.text }
  })
}

export type Judgement = { query: string; document: string; degree: number }

/** Query, document and degree of relevance, separated by tabs, with or without a line of headings. */
export function readJudgements(path: string): Promise<ReadFile<Judgement>> {
  return readRows(path, (line, number) => {
    const columns = line.split('\t').map((column) => column.trim())
    const [query, document, degree] = columns
    if (columns.length !== 3 || !query || !document || !degree)
      throw new Error('expected query, document and score with tabs between')
    if (/^[-+]?\d+(\.\d+)?$/.test(degree)) return { query, document, degree: Number(degree) }
    if (number === 1) return undefined
    throw new Error(`the score "${degree.slice(0, 20)}" is no number`)
  })
}

/** Papers to train on: `{"id", "title", "abstract"}` a line. Those without a title or abstract are skipped. */
export function readTrainingTexts(path: string): Promise<ReadFile<{ id: string; title: string; abstract: string }>> {
  return readRows(path, (line) => {
    const record = parseRecord(line)
    const [title, abstract] = [textOf(record, 'title'), textOf(record, 'abstract')]
    if (typeof record.id !== 'string' || record.id === '') throw new Error('it has no "id"')
    if (title.trim() === '' || abstract.trim() === '') throw new Error('it has no title or no abstract')
    return { id: record.id, title, abstract }
  })
}

async function readRows<T>(path: string, read: (line: string, number: number) => T | undefined): Promise<ReadFile<T>> {
  const found: ReadFile<T> = { rows: [], bad: { count: 0, named: [] } }
  let number = 0
  for await (const line of linesOf(path)) {
    number++
    if (line.trim() === '') continue
    try {
      const row = read(number === 1 ? line.replace(/^\ufeff/, '') : line, number)
      if (row !== undefined) found.rows.push(row)
    } catch (error) {
      found.bad.count++
      if (found.bad.named.length < mostNamed) found.bad.named.push(`line ${number}: ${(error as Error).message}`)
    }
  }
  return found
}

/** The lines of a file, unpacked when its first bytes are those of gzip. Throws `unreadable_file`. */
async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    const isPacked = await startsAsGzip(path)
    const file = createReadStream(path)
    const input: Readable = isPacked ? file.pipe(createGunzip()) : file
    if (isPacked) file.on('error', (error: Error) => input.destroy(error))
    // An iterator of readline forgets the failure of its input, so it is kept here.
    let failure: Error | undefined
    input.on('error', (error: Error) => {
      failure = error
    })
    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
    input.on('error', () => lines.close())
    for await (const line of lines) yield line
    if (failure) throw failure
  } catch (cause) {
    throw new AppError('unreadable_file', `The file ${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

async function startsAsGzip(path: string): Promise<boolean> {
  await using handle = await open(path)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
}

function parseRecord(line: string): Record<string, unknown> {
  let record: unknown
  try {
    record = JSON.parse(line)
  } catch {
    throw new Error('it is no JSON')
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) throw new Error('it is no JSON object')
  return record as Record<string, unknown>
}

function idOf(record: Record<string, unknown>): string {
  const id = record._id
  if ((typeof id === 'string' && id !== '') || typeof id === 'number') return String(id)
  throw new Error('it has no "_id"')
}

function textOf(record: Record<string, unknown>, name: string): string {
  const text = record[name] ?? ''
  if (typeof text !== 'string') throw new Error(`its "${name}" is no text`)
  return text
}
