import { z } from 'zod'
import type { PaperRecord } from '../../papers/index.ts'
import { identify } from '../formats/identify.ts'
import { BadRecord } from '../formats/import-item.ts'
import { isObject, type JsonObject, set, textOf, word } from '../formats/json-record.ts'
import { authorsOfText } from '../formats/read-authors.ts'
import { readDay } from '../formats/read-date.ts'
import { parseJson } from '../parse-json.ts'
import { type BadItem, broken, type SourceItem, type SourceKind } from '../source.ts'

type Settings = { server: 'biorxiv' | 'medrxiv'; url: string }
/** `until` and `at` while a window is being read; `from` is where the next one begins. */
type Cursor = { from?: string; until?: string; at?: number }

const DAY_MS = 86_400_000
/** A first poll looks back this far. */
const FIRST_DAYS = 3
/** Days read again: a paper can be posted late on a day that was asked for early. */
const OVERLAP_DAYS = 1

/** bioRxiv and medRxiv, by their API: preprints and new versions by the day they were posted. */
export const biorxiv: SourceKind<Settings> = {
  kind: 'biorxiv',
  about: 'Preprints of bioRxiv or medRxiv, by the day they were posted.',
  everyHours: 6,
  settings: z.strictObject({
    server: z.enum(['biorxiv', 'medrxiv']).default('biorxiv'),
    url: z.url({ protocol: /^https?$/ }).default('https://api.biorxiv.org'),
  }),
  example: { server: 'medrxiv' },
  async *poll({ settings, ask, cursor: given, now }) {
    const stored = (given ?? {}) as Cursor
    const today = now.toISOString().slice(0, 10)
    const from = stored.from ?? dayBefore(today, FIRST_DAYS)
    const until = stored.until ?? today
    for (let at = stored.at ?? 0; ; ) {
      const answer = await ask(`${settings.url}/details/${settings.server}/${from}/${until}/${at}/json`)
      if (!answer) return
      const page = readBiorxiv(answer.body, settings.server)
      at += page.received
      const isLast = page.received === 0 || at >= page.total
      // A page that promises more and gives nothing is a failure, never the end.
      if (page.received === 0 && at < page.total)
        throw broken(`${settings.server} announced ${page.total} records and gave none after ${at}`)
      const cursor: Cursor = isLast ? { from: dayBefore(until, OVERLAP_DAYS) } : { from, until, at }
      yield { items: page.items, bad: page.bad, cursor, answer }
      if (isLast) return
    }
  },
}

const dayBefore = (day: string, days: number) => new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10)

type BiorxivPage = { items: SourceItem[]; bad: BadItem[]; received: number; total: number }

export function readBiorxiv(body: Buffer, server: string): BiorxivPage {
  const json = parseJson(body, server)
  const message = isObject(json) && Array.isArray(json.messages) ? json.messages[0] : undefined
  if (!isObject(json) || !isObject(message)) throw broken(`${server} answered without saying how it went`)
  const status = String(message.status)
  if (/no posts found|no articles found/i.test(status)) return { items: [], bad: [], received: 0, total: 0 }
  if (status.toLowerCase() !== 'ok') throw broken(`${server} answered "${status.slice(0, 200)}"`)
  if (!Array.isArray(json.collection)) throw broken(`${server} answered without a collection`)
  const items: SourceItem[] = []
  const bad: BadItem[] = []
  for (const one of json.collection) {
    try {
      if (!isObject(one)) throw new BadRecord('record', 'no object')
      items.push(itemOf(one, server))
    } catch (problem) {
      if (!(problem instanceof BadRecord)) throw problem
      bad.push({ record: isObject(one) ? String(one.doi) : 'a record', reason: problem.message })
    }
  }
  const total = Number(message.total ?? json.collection.length)
  return { items, bad, received: json.collection.length, total: Number.isFinite(total) ? total : 0 }
}

function itemOf(json: JsonObject, server: string): SourceItem {
  const title = textOf(json, 'title')
  const doi = word(json, 'doi')
  if (title === undefined) throw new BadRecord('title', 'missing')
  if (doi === undefined) throw new BadRecord('doi', 'missing')
  // The preprint's own DOI names the paper; the venue's, once there is one, belongs to the same paper.
  const published = word(json, 'published')
  const venueDoi = published && /^10\./.test(published) ? [published] : []
  const { identifiers } = identify({ dois: [doi, ...venueDoi] })
  if (identifiers.length === 0) throw new BadRecord('doi', `"${doi.slice(0, 60)}" is none`)
  const version = Number(json.version)
  const paper: PaperRecord = {
    identifiers,
    title,
    authors: authorsOfText(word(json, 'authors') ?? ''),
    categories: [],
    versions: Number.isSafeInteger(version) && version > 0 ? [{ version }] : [],
    links: [{ kind: 'pdf', url: `https://www.${server}.org/content/${doi}v${version || 1}.full.pdf` }],
  }
  set(paper, 'abstract', textOf(json, 'abstract'))
  set(paper, 'doi', identifiers[0]?.id)
  set(paper, 'licence', word(json, 'license'))
  set(paper, 'datedOn', readDay('date', json.date))
  const subject = word(json, 'category')
  return { record: paper, subjects: subject ? [subject] : [] }
}
