import { performance } from 'node:perf_hooks'
import type { Readable } from 'node:stream'
import type { Db } from '../db/index.ts'
import { type Listing, listPapers } from '../feed/index.ts'
import { upsertPrepared } from '../papers/index.ts'
import type { ImportFormat, ListingFact } from '../sources/index.ts'
import { readPrepared } from './import-reader.ts'
import type { PreparedItem } from './import-worker.ts'
import type { ProgressCount } from './progress.ts'

/**
 * Papers to a transaction. Large ones touch each page of the indexes seldom; but a site that runs alongside waits for
 * one whenever it writes, and there small ones (about 60 ms) are right.
 */
const BATCH_SIZE = 5_000
const BATCH_SIZE_ALONGSIDE = 500
/** Listings to a transaction. */
const LISTING_BATCH = 1_000

export type ImportSummary = {
  format: string
  read: number
  added: number
  updated: number
  unchanged: number
  listed: number
  bad: number
  seconds: number
}

export type ImportFileOptions = {
  name: string
  as?: ImportFormat
  clock: () => Date
  /** A running site shares the database. */
  alongside?: boolean
  onProgress?: (done: ProgressCount) => void
  onBad?: (bad: { line: number; reason: string }) => void
}

type PaperItem = Extract<PreparedItem, { kind: 'paper' }>

/**
 * Reads one file into the database, a transaction for every few hundred papers. Killed at any moment and run again, it
 * ends in the same state as if it had run once.
 */
export async function importFile(db: Db, input: Readable, options: ImportFileOptions): Promise<ImportSummary> {
  const startedAt = performance.now()
  const summary: ImportSummary = {
    format: options.as ?? 'unknown',
    read: 0,
    added: 0,
    updated: 0,
    unchanged: 0,
    listed: 0,
    bad: 0,
    seconds: 0,
  }
  const listings: RankedListing[] = []
  const batchSize = options.alongside ? BATCH_SIZE_ALONGSIDE : BATCH_SIZE
  let batch: PaperItem[] = []
  const flush = async () => {
    const papers = batch
    batch = []
    const outcomes = await upsertPrepared(
      db,
      papers.map((item) => item.paper),
    )
    outcomes.forEach(({ paperId, outcome }, index) => {
      summary[outcome] += 1
      const { listing, paper } = papers[index] as PaperItem
      if (listing) listings.push(rankedListing(paperId, listing, paper, listings.length))
    })
  }
  const order = { name: options.name, now: options.clock().toISOString(), ...(options.as ? { as: options.as } : {}) }
  const onFormat = (format: ImportFormat) => {
    summary.format = format
  }
  for await (const items of readPrepared(input, order, onFormat)) {
    for (const item of items) {
      if (item.kind === 'bad') {
        summary.bad += 1
        options.onBad?.(item)
        continue
      }
      summary.read += 1
      batch.push(item)
      if (batch.length >= batchSize) await flush()
    }
    options.onProgress?.({ records: summary.read, bytes: items.at(-1)?.bytes ?? 0 })
  }
  await flush()
  summary.listed = await listAll(db, listings, options.clock())
  summary.seconds = (performance.now() - startedAt) / 1000
  return summary
}

type RankedListing = Listing & { upvotesElsewhere: number; given: number; index: number }

function rankedListing(
  paperId: Listing['paperId'],
  fact: ListingFact,
  paper: PaperItem['paper'],
  index: number,
): RankedListing {
  return {
    paperId,
    day: fact.day,
    ...(fact.submittedBy ? { submittedBy: fact.submittedBy } : {}),
    ...(fact.site ? { site: fact.site } : {}),
    upvotesElsewhere: paper.elsewhere[0]?.upvotes ?? 0,
    given: fact.placement ?? Number.MAX_SAFE_INTEGER,
    index,
  }
}

/** Past days keep the order they had where they come from: by votes there, then as the file has them. */
async function listAll(db: Db, listings: RankedListing[], now: Date): Promise<number> {
  listings.sort((a, b) =>
    a.day < b.day
      ? -1
      : a.day > b.day
        ? 1
        : a.given - b.given || b.upvotesElsewhere - a.upvotesElsewhere || a.index - b.index,
  )
  let listed = 0
  for (let start = 0; start < listings.length; start += LISTING_BATCH) {
    listed += await listPapers(db, listings.slice(start, start + LISTING_BATCH), 'import', now)
  }
  return listed
}
