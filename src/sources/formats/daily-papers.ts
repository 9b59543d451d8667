import type { PaperRecord } from '../../papers/index.ts'
import type { ListingFact, RecordSink } from './import-item.ts'
import { isObject, type JsonObject, paperOfJson, textOf, word } from './json-record.ts'
import { readDate, readDay } from './read-date.ts'

const site = 'huggingface'

/**
 * Turns an item of a Daily Papers answer into a record and the day it was listed on. `day` is what the file itself
 * says; without it the day of submission to the list counts. The outer `publishedAt` is neither and is never read.
 */
export function readDailyItem(json: JsonObject, line: number, day: string | undefined, sink: RecordSink): void {
  const inner = isObject(json.paper) ? json.paper : json
  const title = textOf(json, 'title') ?? textOf(inner, 'title')
  const abstract = inner.abstract ?? inner.summary ?? json.summary
  const record: JsonObject = { ...inner, title, abstract, summary: undefined, comments: undefined }
  const paper = paperOfJson(record)
  withElsewhere(paper, inner.upvotes, json.numComments ?? inner.numComments, undefined)
  const listedOn = day ?? readDay('submittedOnDailyAt', inner.submittedOnDailyAt)
  sink.paper(line, paper, listedOn === undefined ? undefined : listing(listedOn, submitterOf(json, inner)))
}

/** Turns a line of a dated list into a record: its `date` is the edition's day. */
export function readDatedLine(json: JsonObject, line: number, sink: RecordSink): void {
  const { date, ...record } = json
  const paper = paperOfJson(record)
  withElsewhere(paper, json.upvotes, json.num_comments, readDate('observed_at', json.observed_at)?.instant)
  const day = readDay('date', date)
  sink.paper(line, paper, day === undefined ? undefined : listing(day, word(json, 'submitted_by')))
}

function withElsewhere(paper: PaperRecord, upvotes: unknown, comments: unknown, observedAt: string | undefined): void {
  if (!isCount(upvotes)) return
  paper.elsewhere = {
    site,
    upvotes,
    ...(isCount(comments) ? { comments } : {}),
    ...(observedAt === undefined ? {} : { observedAt }),
  }
}

function listing(day: string, submittedBy: string | undefined): ListingFact {
  return submittedBy === undefined ? { day, site } : { day, submittedBy, site }
}

function submitterOf(json: JsonObject, inner: JsonObject): string | undefined {
  for (const person of [json.submittedBy, inner.submittedOnDailyBy]) {
    const name = isObject(person) ? word(person, 'fullname', 'name', 'user') : undefined
    if (name !== undefined) return name
  }
  return undefined
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
