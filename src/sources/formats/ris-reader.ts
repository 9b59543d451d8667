import { isDay, type PaperRecord } from '../../papers/index.ts'
import { cleanText } from './decode-text.ts'
import { identify } from './identify.ts'
import {
  attempt,
  BadRecord,
  excerpt,
  MAX_RECORD_BYTES,
  type RecordReader,
  type RecordSink,
  tooLong,
} from './import-item.ts'
import { journalReference } from './journal-reference.ts'
import { set } from './json-record.ts'
import { createLineSplitter } from './line-splitter.ts'
import { uninvertName } from './read-authors.ts'

const tagLine = /^\s*([A-Z][A-Z0-9])\s{1,2}-(?:\s(.*))?$/

/** The values of a record by tag, in the order of the file. */
type Fields = Map<string, string[]>

/** Reads RIS, from `TY` to `ER`. A line without a tag goes on with the one before; a missing `ER` is forgiven. */
export function createRisReader(sink: RecordSink): RecordReader {
  let fields: Fields | undefined
  let startLine = 0
  let length = 0
  let lastTag = ''
  let isOutside = false

  const flush = () => {
    const record = fields
    fields = undefined
    if (!record) return
    if (length > MAX_RECORD_BYTES) sink.bad(startLine, tooLong('record', length))
    else attempt(sink, startLine, () => sink.paper(startLine, paperOfRis(record)))
  }
  return createLineSplitter({
    line(text, line, isUnfinished) {
      if (isUnfinished) return
      const [, tag, value = ''] = tagLine.exec(text) ?? []
      if (tag === 'TY') {
        flush()
        fields = new Map()
        startLine = line
        length = 0
        isOutside = false
      } else if (tag === 'ER') flush()
      else if (fields) {
        length += text.length
        if (length > MAX_RECORD_BYTES) fields.clear()
        else if (tag) valuesOf(fields, tag).push(value)
        else if (text.trim() !== '') fields.get(lastTag)?.push(`${fields.get(lastTag)!.pop()} ${text.trim()}`)
      } else if (text.trim() !== '' && !isOutside) {
        // Told once, however many lines there are.
        sink.bad(line, `record: expected it to begin with "TY  - ", got ${excerpt(text)}`)
        isOutside = true
      }
      if (tag) lastTag = tag
    },
    tooLong: sink.bad,
    end: (isBrokenOff) => {
      if (!isBrokenOff) flush()
    },
  })
}

function valuesOf(fields: Fields, tag: string): string[] {
  const values = fields.get(tag) ?? []
  fields.set(tag, values)
  return values
}

function paperOfRis(fields: Fields): PaperRecord {
  const all = (...tags: string[]) =>
    tags.flatMap((tag) => (fields.get(tag) ?? []).map(cleanText).filter((text) => text !== ''))
  const first = (...tags: string[]) => all(...tags)[0]
  const title = first('TI', 'T1')
  if (title === undefined) throw new BadRecord('TI', 'missing: a record needs a title in TI or T1')
  const mentions = all('N1', 'M1', 'M3', 'PB', 'JO', 'T2').filter((text) => /arxiv[:./]/i.test(text))
  const { identifiers, versions, links, doi } = identify({
    arxiv: [...all('AN', 'ID').filter((text) => /arxiv/i.test(text)), ...mentions],
    dois: all('DO'),
    urls: [...all('UR').flatMap((text) => text.split(/;?\s+/)), ...all('L1', 'L2')],
  })
  const paper: PaperRecord = {
    identifiers,
    title,
    authors: all('AU', 'A1').map((name) => ({ name: uninvertName(name) })),
    categories: [],
    versions,
    links,
  }
  set(paper, 'abstract', first('AB', 'N2'))
  set(paper, 'doi', doi)
  const dates = all('DA', 'PY', 'Y1').map((text) => text.split('/').slice(0, 3).join('-'))
  set(paper, 'datedOn', dates.find(isDay))
  const journal = first('JO', 'JF', 'JA', 'T2', 'BT')
  const pages = [first('SP'), first('EP')].filter((page) => page !== undefined).join('-') || undefined
  set(
    paper,
    'journalRef',
    journalReference({ journal, volume: first('VL'), number: first('IS'), pages, year: dates[0] }),
  )
  return paper
}
