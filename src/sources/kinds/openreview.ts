import { z } from 'zod'
import type { PaperRecord } from '../../papers/index.ts'
import { cleanText } from '../formats/decode-text.ts'
import { BadRecord } from '../formats/import-item.ts'
import { isObject, type JsonObject, set } from '../formats/json-record.ts'
import { readAuthors } from '../formats/read-authors.ts'
import { parseJson } from '../parse-json.ts'
import { type BadItem, broken, type SourceItem, type SourceKind } from '../source.ts'

type Settings = { venue: string; url: string }
/** `offset` while a list is being read. Every poll reads the whole venue: decisions and names change in place. */
type Cursor = { offset?: number }

const PAGE = 500
/** No venue has more; beyond this somebody answers the same page for ever. */
const MAX_PAPERS = 100_000

/** Accepted papers of a venue at OpenReview, by its API (both versions of it). */
export const openreview: SourceKind<Settings> = {
  kind: 'openreview',
  about: 'Papers of a conference or journal at OpenReview, such as ICLR.cc/2026/Conference.',
  everyHours: 24,
  settings: z.strictObject({
    venue: z.string().regex(/^[\w.@/-]+$/, 'expected the id of a venue such as ICLR.cc/2026/Conference'),
    url: z.url({ protocol: /^https?$/ }).default('https://api2.openreview.net'),
  }),
  example: { venue: 'ICLR.cc/2026/Conference' },
  async *poll({ settings, ask, cursor: given }) {
    for (let offset = ((given ?? {}) as Cursor).offset ?? 0; offset < MAX_PAPERS; ) {
      const query = new URLSearchParams({
        'content.venueid': settings.venue,
        limit: String(PAGE),
        offset: String(offset),
      })
      const answer = await ask(`${settings.url}/notes?${query}`)
      if (!answer) return
      const page = readNotes(answer.body)
      offset += page.received
      if (page.received === 0 && page.count !== undefined && offset < page.count)
        throw broken(`OpenReview announced ${page.count} papers and gave none after ${offset}`)
      const isLast = page.received === 0 || (page.count === undefined ? page.received < PAGE : offset >= page.count)
      yield { items: page.items, bad: page.bad, cursor: (isLast ? {} : { offset }) satisfies Cursor, answer }
      if (isLast) return
    }
  },
}

type NotesPage = { items: SourceItem[]; bad: BadItem[]; received: number; count?: number }

export function readNotes(body: Buffer): NotesPage {
  const json = parseJson(body, 'OpenReview')
  if (!isObject(json) || !Array.isArray(json.notes)) {
    const message = isObject(json) && typeof json.message === 'string' ? `: ${json.message.slice(0, 200)}` : ''
    throw broken(`OpenReview answered without notes${message}`)
  }
  const items: SourceItem[] = []
  const bad: BadItem[] = []
  for (const note of json.notes) {
    try {
      if (!isObject(note) || !isObject(note.content)) throw new BadRecord('content', 'missing')
      items.push(itemOf(note, note.content))
    } catch (problem) {
      if (!(problem instanceof BadRecord)) throw problem
      bad.push({ record: isObject(note) ? String(note.forum ?? note.id) : 'a note', reason: problem.message })
    }
  }
  const count = Number(json.count)
  return { items, bad, received: json.notes.length, ...(Number.isSafeInteger(count) && count > 0 ? { count } : {}) }
}

/** The second version of the API wraps every value in an object. */
const fieldOf = (content: JsonObject, name: string) => {
  const given = content[name]
  return isObject(given) && 'value' in given ? given.value : given
}

function itemOf(note: JsonObject, content: JsonObject): SourceItem {
  const text = (name: string) => {
    const value = fieldOf(content, name)
    return typeof value === 'string' ? cleanText(value) || undefined : undefined
  }
  const forum = typeof note.forum === 'string' ? note.forum : typeof note.id === 'string' ? note.id : ''
  if (!/^[\w-]{4,40}$/.test(forum)) throw new BadRecord('forum', 'missing')
  const title = text('title')
  if (title === undefined) throw new BadRecord('title', 'missing')
  const pdf = text('pdf')
  const paper: PaperRecord = {
    identifiers: [{ source: 'openreview', id: forum }],
    title,
    authors: readAuthors(fieldOf(content, 'authors')),
    categories: [],
    versions: [],
    links: pdf ? [{ kind: 'pdf', url: new URL(pdf, 'https://openreview.net').href }] : [],
  }
  set(paper, 'abstract', text('abstract'))
  set(paper, 'summary', text('TLDR') ?? text('TL;DR'))
  set(paper, 'journalRef', text('venue'))
  const dated = [note.pdate, note.cdate].find((one) => typeof one === 'number' && one > 0)
  set(paper, 'datedOn', typeof dated === 'number' ? dayOfMilliseconds(dated) : undefined)
  const keywords = fieldOf(content, 'keywords')
  return {
    record: paper,
    subjects: Array.isArray(keywords) ? keywords.filter((one): one is string => typeof one === 'string') : [],
  }
}

function dayOfMilliseconds(at: number): string | undefined {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 10)
}
