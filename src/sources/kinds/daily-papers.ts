import { z } from 'zod'
import { currentAnnouncementDay, isDay } from '../../papers/index.ts'
import { readDailyItem } from '../formats/daily-papers.ts'
import { attempt } from '../formats/import-item.ts'
import { isObject } from '../formats/json-record.ts'
import { parseJson } from '../parse-json.ts'
import { type BadItem, broken, type SourceItem, type SourceKind } from '../source.ts'

type Settings = { url: string; days: number }
type Cursor = { day: string }

/** The most items the API gives at once; a list has had at most 78. */
const LIMIT = 100
const DAY_MS = 86_400_000

/**
 * Daily Papers of Hugging Face: what that community picked, with its upvotes, code and projects. Upvotes there are shown
 * as theirs. Each poll reads the lists of the last days again, because upvotes go on; the day is the one asked for.
 */
export const dailyPapers: SourceKind<Settings> = {
  kind: 'daily-papers',
  about: "The community's picks of Hugging Face's Daily Papers, with upvotes there, code and project pages.",
  everyHours: 2,
  settings: z.strictObject({
    url: z.url({ protocol: /^https?$/ }).default('https://huggingface.co'),
    days: z.int().min(1).max(14).default(3),
  }),
  example: {},
  async *poll({ settings, ask, cursor, now }) {
    const days = daysToAsk(settings.days, cursor as Cursor | undefined, now)
    for (const day of days) {
      const answer = await ask(`${settings.url}/api/daily_papers?date=${day}&limit=${LIMIT}`, { conditional: true })
      if (!answer) continue
      yield { ...readDailyPapers(answer.body, day), cursor: { day } satisfies Cursor, answer }
    }
  },
}

/** The last days again, and before them the days missed since the last poll, at most two weeks. Oldest first. */
export function daysToAsk(count: number, cursor: Cursor | undefined, now: Date): string[] {
  const today = Date.parse(currentAnnouncementDay(now))
  const since = cursor && isDay(cursor.day) ? Math.ceil((today - Date.parse(cursor.day)) / DAY_MS) + 1 : 1
  const length = Math.min(14, Math.max(count, since))
  return Array.from({ length }, (_, index) =>
    new Date(today - (length - 1 - index) * DAY_MS).toISOString().slice(0, 10),
  ).filter((day) => ![0, 6].includes(new Date(day).getUTCDay()))
}

export function readDailyPapers(body: Buffer, day: string): { items: SourceItem[]; bad: BadItem[] } {
  const json = parseJson(body, 'the Daily Papers')
  if (!Array.isArray(json)) throw broken('the Daily Papers answered no list')
  const items: SourceItem[] = []
  const bad: BadItem[] = []
  let name = ''
  const sink = {
    paper: (_line: number, record: SourceItem['record'], listing?: SourceItem['listing']) => {
      items.push({ record, ...(listing ? { listing } : {}) })
    },
    bad: (_line: number, reason: string) => bad.push({ record: name, reason }),
  }
  for (const [index, item] of json.entries()) {
    name = isObject(item) && isObject(item.paper) ? String(item.paper.id) : `item ${index + 1}`
    if (!isObject(item) || !isObject(item.paper)) sink.bad(index, 'no object with a paper')
    else attempt(sink, index, () => readDailyItem(item, index, day, sink))
  }
  return { items, bad }
}
