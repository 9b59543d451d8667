import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { attention, fivePapers, withdrawn, zero } from '../../tests/papers.ts'
import { ada, ben, chen, seedPeople } from '../../tests/people.ts'
import type { Db } from '../db/index.ts'
import { castVote, excludeVotes } from '../discussion/index.ts'
import { cardsOf, type PaperId, upsertPapers } from '../papers/index.ts'
import { adminLog } from '../people/index.ts'
import {
  badgesFixedAt,
  closeEditions,
  hotness,
  listPapers,
  type Place,
  periodOf,
  pickPaper,
  placePaper,
  rejudgeBadges,
  removePaper,
  restorePlace,
} from './index.ts'

const now = new Date('2026-03-03T17:00:00.000Z') // Tuesday
const change = { actorId: chen, at: now }
const cardOf = async (db: Db, id: PaperId) => (await cardsOf(db, [id], '2026-03-03'))[0]!

async function seed(db: Db, day = '2026-03-02'): Promise<PaperId[]> {
  await seedPeople(db)
  const ids = (await upsertPapers(db, fivePapers, now)).map((one) => one.paperId)
  await listPapers(
    db,
    ids.map((paperId) => ({ paperId, day })),
    'gathered',
    new Date(`${day}T12:00:00.000Z`),
  )
  return ids
}

onEveryDatabase('what editors do', (open) => {
  test('a pick marks the card at once, and taking it away unmarks it; both are in the log', async (t) => {
    const db = await open(t)
    if (!db) return
    const [paperId] = (await seed(db)) as [PaperId]
    assert.equal((await cardOf(db, paperId)).isPick, undefined)
    await pickPaper(db, paperId, 'picked', change)
    await pickPaper(db, paperId, 'picked', change)
    assert.equal((await cardOf(db, paperId)).isPick, true)
    await pickPaper(db, paperId, 'none', change)
    assert.equal((await cardOf(db, paperId)).isPick, undefined)
    const { actions } = await adminLog(db, { limit: 10 })
    assert.deepEqual(
      actions.map((one) => one.kind),
      ['pick.remove', 'pick.add'],
    )
  })

  test('placing lists or moves, removing takes out with a reason, restoring puts everything back exactly', async (t) => {
    const db = await open(t)
    if (!db) return
    const [paperId] = (await seed(db)) as [PaperId]
    await castVote(db, { paperId, personId: ada, at: now }, 'up', hotness)
    const before = await cardOf(db, paperId)
    await placePaper(db, paperId, '2026-03-03', change)
    assert.equal((await cardOf(db, paperId)).listing?.day, '2026-03-03')
    await removePaper(db, paperId, { ...change, reason: 'off topic' })
    const removed = await cardOf(db, paperId)
    assert.deepEqual([removed.listing, removed.hotness, removed.upvotes], [undefined, undefined, 1])
    const { actions } = await adminLog(db, { limit: 10 })
    assert.deepEqual(
      actions.map((one) => [one.kind, one.reason]),
      [
        ['edition.remove', 'off topic'],
        ['edition.place', undefined],
      ],
    )
    for (const action of actions)
      await restorePlace(db, paperId, action.before as Place, { ...change, undoes: action.id })
    assert.deepEqual(await cardOf(db, paperId), before)
    const after = await adminLog(db, { limit: 10 })
    assert.deepEqual(
      after.actions.map((one) => one.undoes !== undefined),
      [true, true, false, false],
    )
    assert.ok(after.actions.at(-1)?.undoneBy)
  })

  test('a placing that is undone leaves no mark: the paper can be submitted as before', async (t) => {
    const db = await open(t)
    if (!db) return
    await seedPeople(db)
    const [outcome] = await upsertPapers(db, [attention], now)
    await placePaper(db, outcome!.paperId, '2026-03-02', change)
    const { actions } = await adminLog(db, { limit: 1 })
    await restorePlace(db, outcome!.paperId, actions[0]!.before as Place, change)
    assert.equal(await listPapers(db, [{ paperId: outcome!.paperId, day: '2026-03-03' }], 'submitted', now), 1)
  })

  test('a day of the future, a weekend, a day long ago, and a removal without reason are refused', async (t) => {
    const db = await open(t)
    if (!db) return
    const [paperId] = (await seed(db)) as [PaperId]
    for (const day of ['2026-03-04', '2026-02-28', '2026-01-05', 'yesterday'])
      assert.throws(() => placePaper(db, paperId, day, change), { code: 'bad_date' }, day)
    assert.throws(() => removePaper(db, paperId, { ...change, reason: ' ' }), { code: 'bad_request' })
  })
})

onEveryDatabase('badges of closed editions', (open) => {
  const vote = (db: Db, paperId: PaperId, personId: string, at: string) =>
    castVote(db, { paperId, personId, at: new Date(at) }, 'up', hotness)

  test('are fixed 24 hours after the next list came out, by the votes given until then', async (t) => {
    const db = await open(t)
    if (!db) return
    const [first, second] = (await seed(db)) as [PaperId, PaperId]
    // The list of Monday closes on Monday 20:00 in New York, so its badges are fixed on Tuesday 20:00: 01:00 UTC.
    assert.equal(badgesFixedAt(periodOf('day', '2026-03-02')).toISOString(), '2026-03-04T01:00:00.000Z')
    await vote(db, second, ada, '2026-03-02T15:00:00.000Z')
    await vote(db, second, ben, '2026-03-03T15:00:00.000Z')
    await vote(db, first, ada, '2026-03-03T15:00:00.000Z')
    assert.deepEqual(await closeEditions(db, new Date('2026-03-04T00:59:00.000Z')), [])
    for (const [id, at] of [
      [ben, '2026-03-04T02:00:00.000Z'],
      [chen, '2026-03-04T02:00:00.000Z'],
    ] as const)
      await vote(db, first, id, at)
    assert.deepEqual(await closeEditions(db, new Date('2026-03-04T05:00:00.000Z')), ['2026-03-02'])
    assert.deepEqual(await closeEditions(db, new Date('2026-03-04T05:00:00.000Z')), [])
    const badges = async (id: PaperId) => (await cardOf(db, id)).badges?.map((one) => `${one.rank} ${one.kind}`)
    assert.deepEqual(await badges(second), ['1 day'])
    assert.deepEqual(await badges(first), ['2 day'])
    await castVote(db, { paperId: second, personId: ada, at: now }, 'none', hotness)
    assert.deepEqual(await badges(second), ['1 day'], 'a badge stays')
  })

  test('a week closes after its Friday, a month after its last list; nobody without votes wins', async (t) => {
    const db = await open(t)
    if (!db) return
    const ids = await seed(db, '2026-03-06')
    await vote(db, ids[1] as PaperId, ada, '2026-03-06T15:00:00.000Z')
    // Friday's list stays until Sunday 20:00 in New York (daylight saving time began that day).
    assert.equal(badgesFixedAt(periodOf('week', '2026-03-06')).toISOString(), '2026-03-10T00:00:00.000Z')
    assert.deepEqual(await closeEditions(db, new Date('2026-03-10T00:00:00.000Z')), ['2026-03-06', '2026-W10'])
    assert.deepEqual(await closeEditions(db, new Date('2026-04-02T12:00:00.000Z')), ['2026-03'])
    const card = await cardOf(db, ids[1] as PaperId)
    assert.deepEqual(
      card.badges?.map((one) => one.kind),
      ['month', 'week', 'day'],
    )
    assert.equal((await db.selectFrom('edition_badge').selectAll().execute()).length, 3)
  })

  test('withdrawn papers win nothing; a removed paper shows no badge', async (t) => {
    const db = await open(t)
    if (!db) return
    const ids = await seed(db)
    const byTitle = async (title: string) =>
      (await db.selectFrom('paper').select('id').where('title', '=', title).executeTakeFirstOrThrow()).id as PaperId
    await vote(db, await byTitle(withdrawn.title), ada, '2026-03-02T15:00:00.000Z')
    await vote(db, await byTitle(zero.title), ada, '2026-03-02T15:00:00.000Z')
    await closeEditions(db, new Date('2026-03-05T00:00:00.000Z'))
    assert.equal((await cardOf(db, await byTitle(withdrawn.title))).badges, undefined)
    assert.equal((await cardOf(db, await byTitle(zero.title))).badges?.[0]?.rank, 1)
    await removePaper(db, await byTitle(zero.title), { ...change, reason: 'not ours' })
    assert.equal((await cardOf(db, await byTitle(zero.title))).badges, undefined)
    assert.equal(ids.length, 5)
  })

  test('P56: badges won by excluded votes are given anew', async (t) => {
    const db = await open(t)
    if (!db) return
    const [first, second] = (await seed(db)) as [PaperId, PaperId]
    await vote(db, first, ada, '2026-03-02T15:00:00.000Z')
    await vote(db, first, chen, '2026-03-02T15:00:00.000Z')
    await vote(db, second, ben, '2026-03-02T15:00:00.000Z')
    const later = new Date('2026-03-05T00:00:00.000Z')
    await closeEditions(db, later)
    assert.equal((await cardOf(db, first)).badges?.[0]?.rank, 1)
    for (const personId of [ada, chen]) {
      await excludeVotes(db, { personId }, 'excluded', { ...change, reason: 'ring' }, hotness)
      await rejudgeBadges(db, personId, later)
    }
    assert.equal((await cardOf(db, first)).badges, undefined)
    assert.equal((await cardOf(db, second)).badges?.[0]?.rank, 1)
  })
})
