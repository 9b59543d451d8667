import { z } from 'zod'
import type { PaperRecord } from '../../papers/index.ts'
import { cleanText } from '../formats/decode-text.ts'
import { identify } from '../formats/identify.ts'
import { BadRecord } from '../formats/import-item.ts'
import { categoriesOf, set } from '../formats/json-record.ts'
import { uninvertName } from '../formats/read-authors.ts'
import { readDate } from '../formats/read-date.ts'
import { parseAnswerXml } from '../parse-answer-xml.ts'
import { type BadItem, broken, type SourceItem, type SourceKind, SourceTrouble } from '../source.ts'
import { childOf, childrenOf, textIn, textsIn, type XmlElement } from '../xml-tree.ts'

type Settings = { url: string; set?: string | undefined; since?: string | undefined }
/** `token` while a list is being read; `from` is where the next one begins. */
type Cursor = { token?: string; from?: string; startedAt?: string }

/** Records are asked for again from this far back: late ones, and days in another zone. */
const OVERLAP_DAYS = 2
/** Some repositories take a minute and more for a page. */
const TIMEOUT_MS = 240_000
const DAY_MS = 86_400_000

/** Any repository that speaks OAI-PMH, in the format every one of them has: Dublin Core. */
export const oaiDublinCore: SourceKind<Settings> = {
  kind: 'oai-pmh',
  about: 'Any repository with an OAI-PMH address (universities, Zenodo, HAL, journals), in Dublin Core.',
  everyHours: 24,
  settings: z.strictObject({
    url: z.url({ protocol: /^https?$/ }),
    set: z.string().max(200).optional(),
    since: z.iso.date().optional(),
  }),
  example: { url: 'https://repository.example.org/oai', set: 'theses', since: '2026-01-01' },
  async *poll({ settings, ask, cursor: given, now }) {
    let cursor = (given ?? {}) as Cursor
    if (!cursor.token) cursor = { ...(cursor.from ? { from: cursor.from } : {}), startedAt: now.toISOString() }
    for (;;) {
      const answer = await ask(listAddress(settings, cursor), { timeoutMs: TIMEOUT_MS })
      if (!answer) return
      const page = readListRecords(parseAnswerXml(answer.body, settings.url))
      if (page.error === 'badResumptionToken' && cursor.token) {
        // The list was forgotten there: begin it again.
        cursor = { ...(cursor.from ? { from: cursor.from } : {}), startedAt: now.toISOString() }
        yield { items: [], bad: [], cursor }
        continue
      }
      if (page.error && page.error !== 'noRecordsMatch')
        throw new SourceTrouble('refused', `${settings.url} answered ${page.error}: ${page.message}`)
      if (page.token !== undefined && page.token === cursor.token)
        throw broken(`${settings.url} gives the same page again and again`)
      cursor = page.token ? { ...cursor, token: page.token } : { from: fromDay(cursor, now) }
      yield { items: page.items, bad: page.bad, cursor, answer }
      if (!page.token) return
    }
  },
}

const fromDay = ({ startedAt }: Cursor, now: Date) =>
  new Date(Date.parse(startedAt ?? now.toISOString()) - OVERLAP_DAYS * DAY_MS).toISOString().slice(0, 10)

function listAddress({ url, set, since }: Settings, { token, from }: Cursor): string {
  const address = new URL(url)
  address.searchParams.set('verb', 'ListRecords')
  if (token) {
    address.searchParams.set('resumptionToken', token)
    return address.href
  }
  address.searchParams.set('metadataPrefix', 'oai_dc')
  if (set) address.searchParams.set('set', set)
  const start = from ?? since
  if (start) address.searchParams.set('from', start)
  return address.href
}

type OaiPage = { items: SourceItem[]; bad: BadItem[]; token?: string; error?: string; message?: string }

/** Reads one page of a list. Faults arrive inside a well-formed answer with status 200. */
export function readListRecords(document: XmlElement): OaiPage {
  if (document.name !== 'OAI-PMH') throw broken(`expected an OAI-PMH answer, got <${document.name}>`)
  const error = childOf(document, 'error')
  if (error) return { items: [], bad: [], error: error.attributes.code ?? 'an error', message: textIn(error) }
  const list = childOf(document, 'ListRecords')
  if (!list) throw broken('the OAI-PMH answer holds neither records nor an error')
  const items: SourceItem[] = []
  const bad: BadItem[] = []
  for (const record of childrenOf(list, 'record')) {
    const header = childOf(record, 'header')
    const id = textIn(header && childOf(header, 'identifier'))
    if (header?.attributes.status === 'deleted') continue
    try {
      items.push(itemOf(record))
    } catch (problem) {
      if (!(problem instanceof BadRecord)) throw problem
      bad.push({ record: id, reason: problem.message })
    }
  }
  const token = textIn(childOf(list, 'resumptionToken'))
  return { items, bad, ...(token ? { token } : {}) }
}

function itemOf(record: XmlElement): SourceItem {
  const dc = childOf(record, 'metadata', 'dc')
  if (!dc) throw new BadRecord('metadata', 'no Dublin Core in it')
  const texts = (name: string) => textsIn(dc, name).map(cleanText)
  const title = texts('title')[0]
  if (!title) throw new BadRecord('title', 'missing')
  const marks = [...texts('identifier'), ...texts('relation').filter((one) => /arxiv\.org|doi\.org/i.test(one))]
  const { identifiers, versions, links, doi } = identify({
    dois: marks.filter((one) => /^(?:doi:|https?:\/\/(?:dx\.)?doi\.org\/|10\.\d)/i.test(one)),
    urls: marks.filter((one) => /^https?:\/\//i.test(one)),
    arxiv: marks.filter((one) => /arxiv/i.test(one)),
  })
  const oaiId = textIn(childOf(record, 'header', 'identifier'))
  if (identifiers.length === 0 && oaiId) identifiers.push({ source: 'oai', id: oaiId })
  const paper: PaperRecord = {
    identifiers,
    title,
    authors: texts('creator').map((name) => ({ name: uninvertName(name) })),
    categories: categoriesOf(texts('subject')),
    versions,
    links,
  }
  // Repositories put notes ("12 pages") into the same field: the longest text is the abstract.
  const longest = texts('description').reduce((best, one) => (one.length > best.length ? one : best), '')
  set(paper, 'abstract', longest.length > 60 ? longest : undefined)
  set(paper, 'doi', doi)
  set(
    paper,
    'licence',
    texts('rights').find((one) => /^https?:\/\//.test(one)),
  )
  set(paper, 'datedOn', earliestDay(texts('date')))
  return { record: paper, subjects: texts('subject') }
}

/** Of several dates the first one that is a whole day: the paper's, and not that of its record. */
function earliestDay(dates: readonly string[]): string | undefined {
  const days = dates.flatMap((date) => {
    const stated = /^\d{4}-\d\d-\d\d/.test(date) ? readDate('date', date) : undefined
    return stated ? [stated.day] : []
  })
  return days.toSorted()[0]
}
