import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { attention } from '../../tests/papers.ts'
import { ada, seedPeople } from '../../tests/people.ts'
import { saveBeat } from '../db/index.ts'
import { castVote } from '../discussion/index.ts'
import { hotness } from '../feed/index.ts'
import { createLog } from '../lib/log.ts'
import { upsertPapers } from '../papers/index.ts'
import { gatherArxivDay } from './gather-arxiv-day.ts'
import { gatherOneSource } from './gather-source.ts'
import { harvestArxiv } from './harvest-arxiv.ts'
import type { JobRun, JobTools } from './job.ts'
import { watchSources } from './watch-sources.ts'

const now = new Date('2026-03-02T17:00:00.000Z')
const full = 'The disk of papers has 12 MB left.'

onEveryDatabase('P17 a disk that is nearly full', (open) => {
  test('nothing is asked for that could not be stored, papers and votes stay, and the status page says why', async (t) => {
    const db = await open(t)
    if (!db) return
    await seedPeople(db)
    const [stored] = await upsertPapers(db, [attention], now)
    await castVote(db, { paperId: stored!.paperId, personId: ada, at: now }, 'up', hotness)
    const asked: string[] = []
    const http = new Proxy({}, { get: (_, name) => () => asked.push(String(name)) })
    const tools = {
      db,
      clock: () => now,
      log: createLog('silent'),
      http,
      arxiv: {},
      storageProblem: () => full,
      alerts: { to: undefined, site: { name: 'Lab', address: undefined }, instanceZone: 'UTC', jobs: () => [] },
    } as unknown as JobTools
    const run = (payload: unknown): JobRun => ({ payload, attempt: 1, signal: new AbortController().signal })
    for (const job of [gatherArxivDay, harvestArxiv, gatherOneSource])
      await assert.rejects(job(tools, run({ name: 'anything' })), new RegExp(full))
    assert.deepEqual(asked, [])
    await saveBeat(db, { worker: 'one', startedAt: now }, now)
    assert.deepEqual(await watchSources(tools, run(null)), { result: { told: 0, untold: 1 } })
    const incident = await db.selectFrom('incident').select('words').executeTakeFirst()
    assert.equal(incident?.words, full)
    const votes = await db.selectFrom('vote').select('paper_id').execute()
    assert.deepEqual(
      votes.map(({ paper_id }) => paper_id),
      [stored!.paperId],
    )
  })
})
