import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { attention, zero } from '../../tests/papers.ts'
import { ada, ben, chen, seedPeople } from '../../tests/people.ts'
import type { Db } from '../db/index.ts'
import { type PaperId, upsertPapers } from '../papers/index.ts'
import { adminLog } from '../people/index.ts'
import {
  castVote,
  excludeVotes,
  exclusionsOf,
  forgetNetworks,
  forgetVotes,
  placeOnDay,
  recountAll,
  recountVotesOf,
  upvoters,
  votedAmong,
  voteRings,
} from './index.ts'

const at = new Date('2026-03-02T15:00:00.000Z')
const rank = ({ upvotes }: { upvotes: number }) => upvotes * 10

async function twoPapers(db: Db): Promise<[PaperId, PaperId]> {
  await seedPeople(db)
  const [one, two] = await upsertPapers(db, [zero, attention], at)
  const ids: [PaperId, PaperId] = [one!.paperId, two!.paperId]
  await placeOnDay(
    db,
    ids.map((paperId, placement) => ({ paperId, day: '2026-03-02', placement, listedAt: at })),
    rank,
  )
  return ids
}
const standingOf = async (db: Db, paperId: PaperId) => ({
  ...(await db
    .selectFrom('standing')
    .select(['upvotes', 'hotness'])
    .where('paper_id', '=', paperId)
    .executeTakeFirstOrThrow()),
})
const confirm = (db: Db, id: string, email_verified: 0 | 1) =>
  db.updateTable('person').set({ email_verified }).where('id', '=', id).execute()

onEveryDatabase('which votes count', (open) => {
  test('P56: the vote of an unconfirmed person is kept, and counts from the confirmation on', async (t) => {
    const db = await open(t)
    if (!db) return
    const [paperId] = await twoPapers(db)
    await confirm(db, ada, 0)
    assert.equal((await castVote(db, { paperId, personId: ada, at }, 'up', rank)).upvotes, 0)
    assert.deepEqual([...(await votedAmong(db, ada, [paperId]))], [paperId], 'it is shown to Ada as given')
    assert.deepEqual(await upvoters(db, paperId, 10), [])
    await confirm(db, ada, 1)
    assert.equal(await recountVotesOf(db, ada, rank), 1)
    assert.deepEqual(await standingOf(db, paperId), { upvotes: 1, hotness: 10 })
    assert.deepEqual(
      (await upvoters(db, paperId, 10)).map((one) => one.name),
      ['Ada Byron'],
    )
  })

  test('P56: an excluded person counts nowhere, also after voting anew; let in again, everything counts', async (t) => {
    const db = await open(t)
    if (!db) return
    const [one, two] = await twoPapers(db)
    await castVote(db, { paperId: one, personId: ada, at }, 'up', rank)
    await castVote(db, { paperId: one, personId: ben, at }, 'up', rank)
    await castVote(db, { paperId: two, personId: ada, at }, 'up', rank)
    const moderation = { actorId: chen, reason: 'a ring', at }
    await excludeVotes(db, { personId: ada }, 'excluded', moderation, rank)
    await excludeVotes(db, { personId: ada }, 'excluded', moderation, rank)
    assert.deepEqual(await standingOf(db, one), { upvotes: 1, hotness: 10 })
    assert.deepEqual(await standingOf(db, two), { upvotes: 0, hotness: 0 })
    await castVote(db, { paperId: two, personId: ada, at }, 'none', rank)
    assert.equal((await castVote(db, { paperId: two, personId: ada, at }, 'up', rank)).upvotes, 0)
    assert.equal((await exclusionsOf(db, ada))[0]?.reason, 'a ring')
    await excludeVotes(db, { personId: ada }, 'counted', { ...moderation, reason: 'it was a reading group' }, rank)
    assert.deepEqual(await standingOf(db, one), { upvotes: 2, hotness: 20 })
    const { actions } = await adminLog(db, { limit: 10 })
    assert.deepEqual(
      actions.map((action) => [action.kind, action.subject, action.actor?.name, action.reason]),
      [
        ['votes.count', 'person:ada', 'Chen Wei', 'it was a reading group'],
        ['votes.exclude', 'person:ada', 'Chen Wei', 'a ring'],
      ],
    )
  })

  test('a single vote can be excluded; a reason is asked for', async (t) => {
    const db = await open(t)
    if (!db) return
    const [one, two] = await twoPapers(db)
    for (const paperId of [one, two]) await castVote(db, { paperId, personId: ada, at }, 'up', rank)
    await excludeVotes(db, { personId: ada, paperId: one }, 'excluded', { actorId: chen, reason: 'bought', at }, rank)
    assert.equal((await standingOf(db, one)).upvotes, 0)
    assert.equal((await standingOf(db, two)).upvotes, 1)
    await assert.rejects(async () =>
      excludeVotes(db, { personId: ada }, 'excluded', { actorId: chen, reason: ' ', at }, rank),
    )
  })

  test('who leaves takes the votes along, and every paper is recounted', async (t) => {
    const db = await open(t)
    if (!db) return
    const [one, two] = await twoPapers(db)
    for (const paperId of [one, two]) await castVote(db, { paperId, personId: ada, at }, 'up', rank)
    assert.equal(await forgetVotes(db, ada, rank), 2)
    assert.deepEqual(await standingOf(db, one), { upvotes: 0, hotness: 0 })
  })

  test('the full recount finds nothing to do, and puts right what was damaged', async (t) => {
    const db = await open(t)
    if (!db) return
    const [one, two] = await twoPapers(db)
    await castVote(db, { paperId: one, personId: ada, at }, 'up', rank)
    assert.equal(await recountAll(db, rank), 0)
    await db.updateTable('standing').set({ upvotes: 7 }).execute()
    await confirm(db, ada, 0)
    assert.equal(await recountAll(db, rank), 2)
    assert.deepEqual(await standingOf(db, one), { upvotes: 0, hotness: 0 })
    assert.deepEqual(await standingOf(db, two), { upvotes: 0, hotness: 0 })
  })

  test('networks of votes are seen by moderators for 30 days and then forgotten', async (t) => {
    const db = await open(t)
    if (!db) return
    const [paperId] = await twoPapers(db)
    for (const personId of [ada, ben, chen]) await castVote(db, { paperId, personId, at, network: 'same' }, 'up', rank)
    const { votes, voters } = await voteRings(db, 3)
    assert.equal(votes.length, 3)
    assert.deepEqual(voters.map((voter) => voter.name).sort(), ['Ada Byron', 'Ben Okri', 'Chen Wei'])
    assert.equal(await forgetNetworks(db, new Date('2026-03-31T15:00:00.000Z')), 0)
    assert.equal(await forgetNetworks(db, new Date('2026-04-02T15:00:00.000Z')), 3)
    assert.equal((await voteRings(db, 3)).votes.length, 0)
    assert.equal((await standingOf(db, paperId)).upvotes, 3)
  })
})
