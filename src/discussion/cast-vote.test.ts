import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { zero } from '../../tests/papers.ts'
import { ada, ben, chen, seedPeople } from '../../tests/people.ts'
import type { Db } from '../db/index.ts'
import { type PaperId, upsertPapers } from '../papers/index.ts'
import { castVote, placeOnDay } from './index.ts'

const at = new Date('2026-03-02T15:00:00.000Z')
/** Any formula will do here; the real one is the feed's. */
const rank = ({ upvotes }: { upvotes: number }) => upvotes * 10

async function paperWithPeople(db: Db): Promise<PaperId> {
  await seedPeople(db)
  const [outcome] = await upsertPapers(db, [zero], at)
  await placeOnDay(db, [{ paperId: outcome!.paperId, day: '2026-03-02', placement: 0, listedAt: at }], rank)
  return outcome!.paperId
}

onEveryDatabase('votes', (open) => {
  test('up, then withdrawn, returns the count and the rank to zero', async (t) => {
    const db = await open(t)
    if (!db) return
    const paperId = await paperWithPeople(db)
    assert.equal((await castVote(db, { paperId, personId: ada, at }, 'up', rank)).upvotes, 1)
    assert.equal((await castVote(db, { paperId, personId: ada, at }, 'none', rank)).upvotes, 0)
    const standing = await db.selectFrom('standing').selectAll().executeTakeFirstOrThrow()
    assert.equal(standing.hotness, 0)
  })

  test('up twice by the same person counts once', async (t) => {
    const db = await open(t)
    if (!db) return
    const paperId = await paperWithPeople(db)
    await castVote(db, { paperId, personId: ada, at }, 'up', rank)
    assert.equal((await castVote(db, { paperId, personId: ada, at }, 'up', rank)).upvotes, 1)
  })

  test('many votes at once lose none, and the stored rank is the rank of the stored count', async (t) => {
    const db = await open(t)
    if (!db) return
    const paperId = await paperWithPeople(db)
    await Promise.all([ada, ben, chen, ada, ben].map((personId) => castVote(db, { paperId, personId, at }, 'up', rank)))
    const standing = await db.selectFrom('standing').selectAll().executeTakeFirstOrThrow()
    assert.equal(standing.upvotes, 3)
    assert.equal(standing.hotness, 30)
  })

  test('votes before a paper is listed keep counting when it is', async (t) => {
    const db = await open(t)
    if (!db) return
    await seedPeople(db)
    const [outcome] = await upsertPapers(db, [zero], at)
    const paperId = outcome!.paperId
    await castVote(db, { paperId, personId: ben, at }, 'up', rank)
    await placeOnDay(db, [{ paperId, day: '2026-03-02', placement: 4, listedAt: at }], rank)
    const standing = await db.selectFrom('standing').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual([standing.upvotes, standing.placement, standing.hotness], [1, 4, 10])
  })
})
