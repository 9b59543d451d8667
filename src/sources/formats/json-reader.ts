import { isDay } from '../../papers/index.ts'
import { readDailyItem, readDatedLine } from './daily-papers.ts'
import { attempt, BadRecord, excerpt, type ImportFormat, type RecordReader, type RecordSink } from './import-item.ts'
import { isObject, type JsonObject, paperOfJson } from './json-record.ts'
import { createJsonSplitter } from './json-splitter.ts'
import { createLineSplitter } from './line-splitter.ts'

export type JsonFormat = Extract<ImportFormat, 'jsonl' | 'daily-papers' | 'dated-list'>

const keyedByDay = /^\s*\{\s*"\d{4}-\d\d-\d\d"\s*:\s*\[/

/** Reads JSON Lines, or one JSON document as a stream; `head` is the beginning of the text and tells which it is. */
export function createJsonReader(format: JsonFormat, head: string, sink: RecordSink): RecordReader {
  const read = (text: string, line: number, key: string | undefined, isUnfinished = false) => {
    const value = parse(text)
    if (value !== undefined) attempt(sink, line, () => readValue(format, value, line, key, sink))
    else if (!isUnfinished) sink.bad(line, `record: expected a JSON object, got ${excerpt(text)}`)
  }
  if (!isLineByLine(head)) return createJsonSplitter(keyedByDay.test(head), { record: read, bad: sink.bad })
  return createLineSplitter({
    line: (text, line, isUnfinished) => {
      if (text !== '' && !/^\s*$/.test(text)) read(text, line, undefined, isUnfinished)
    },
    tooLong: sink.bad,
    end: () => {},
  })
}

/** Whether every line is a value of its own. A document that begins like an object may still be either. */
function isLineByLine(head: string): boolean {
  const start = head.trimStart()
  if (start.startsWith('[') || keyedByDay.test(start)) return false
  const lines = start.split('\n')
  if (lines.length === 1) return true
  return lines.slice(0, -1).some((line) => line.startsWith('{') && isObject(parse(line)))
}

function parse(text: string): unknown {
  // Nothing but an object can be a record, and failing to parse costs far more than looking.
  if (!/^\s*\{/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    // Lines cut out of a list keep their comma, and careless writers leave control characters in texts.
    const mended = text
      .replace(/\p{Cc}/gu, ' ')
      .trimEnd()
      .replace(/\},$/, '}')
    return mended === text ? undefined : parse(mended)
  }
}

function readValue(format: JsonFormat, value: unknown, line: number, key: string | undefined, sink: RecordSink): void {
  if (!isObject(value)) throw new BadRecord('record', `expected a JSON object, got ${excerpt(value)}`)
  const day = key ?? (Array.isArray(value.papers) ? value.date : undefined) ?? undefined
  if (day !== undefined && !(typeof day === 'string' && isDay(day))) {
    throw new BadRecord('date', `expected a day such as 2026-03-02, got ${excerpt(day)}`)
  }
  const lists = listsWithin(value)
  if (lists === undefined) readRecord(format, value, line, day, sink)
  else {
    for (const [listDay, list] of lists) {
      for (const one of list) attempt(sink, line, () => readRecord(format, one, line, listDay ?? day, sink))
    }
  }
}

function readRecord(format: JsonFormat, json: unknown, line: number, day: string | undefined, sink: RecordSink): void {
  if (!isObject(json)) throw new BadRecord('record', `expected a JSON object, got ${excerpt(json)}`)
  if (day !== undefined || format === 'daily-papers' || isObject(json.paper)) readDailyItem(json, line, day, sink)
  else if (format === 'dated-list') readDatedLine(json, line, sink)
  else sink.paper(line, paperOfJson(json))
}

/** The lists in an object that is not itself a paper: `{date, papers: [...]}` or `{"2025-01-02": [...], ...}`. */
function listsWithin(value: JsonObject): [day: string | undefined, list: unknown[]][] | undefined {
  const list = value.papers ?? value.dailyPapers
  if (Array.isArray(list)) return [[undefined, list]]
  const lists: [day: string, list: unknown[]][] = []
  for (const name in value) {
    const one = value[name]
    if (!Array.isArray(one) || !isDay(name)) return undefined
    lists.push([name, one])
  }
  return lists.length > 0 ? lists : undefined
}
