import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { attention, oldStyle, record, withdrawn, zero } from '../../tests/papers.ts'
import { type Db, queryPlan } from '../db/index.ts'
import { onChanges, recordChanges } from './change-log.ts'
import type { PaperId } from './paper.ts'
import { lastChange } from './queries.ts'
import { upsertPapers } from './upsert-papers.ts'

const now = new Date('2026-01-02T12:00:00Z')
const changes = async (db: Db) => {
  const rows = await db.selectFrom('paper_change').select(['paper_id', 'seq']).orderBy('seq').execute()
  return rows.map(({ paper_id, seq }) => [paper_id, Number(seq)])
}

onEveryDatabase('the log of changes', (open) => {
  test('a new paper, a known one with news, and one without: one row a paper, numbers that grow', async (t) => {
    const db = await open(t)
    if (!db) return
    const [a, b] = await upsertPapers(db, [attention, zero], now)
    assert.deepEqual(await changes(db), [
      [a?.paperId, 1],
      [b?.paperId, 2],
    ])
    await upsertPapers(db, [attention, zero], now)
    assert.equal(await lastChange(db), 2, 'what did not change is not in the log again')
    await upsertPapers(db, [{ ...attention, doi: '10.1000/rooms' }, oldStyle], now)
    assert.equal(await lastChange(db), 4)
    assert.deepEqual((await changes(db))[0], [b?.paperId, 2])
    assert.equal((await changes(db)).length, 3)
  })

  test('a link and a withdrawal are changes; the same paper twice in a batch is one', async (t) => {
    const db = await open(t)
    if (!db) return
    await upsertPapers(db, [zero, zero], now)
    assert.equal(await lastChange(db), 1)
    await upsertPapers(db, [{ ...zero, links: [{ kind: 'code', url: 'https://github.com/example/zero' }] }], now)
    assert.equal(await lastChange(db), 2)
    await upsertPapers(db, [{ ...zero, versions: [{ version: 1, withdrawn: true }] }], now)
    assert.equal(await lastChange(db), 3)
    assert.equal((await changes(db)).length, 1)
  })

  test('what was rolled back was never there', async (t) => {
    const db = await open(t)
    if (!db) return
    await assert.rejects(
      db.transaction().execute(async (tx) => {
        await upsertPapers(tx, [withdrawn], now)
        throw new Error('no')
      }),
    )
    assert.equal(await lastChange(db), 0)
    await assert.rejects(recordChanges(db, [1 as PaperId]), /transaction/)
  })

  test('two writers at once: numbers become visible in their order, and none is given twice', async (t) => {
    const db = await open(t)
    if (!db) return
    const batches = Array.from({ length: 8 }, (_, batch) =>
      Array.from({ length: 5 }, (_, n) => record({ title: `Paper ${batch} ${n} of a writer among others` })),
    )
    let highest = 0
    let isDone = false
    const watch = (async () => {
      while (!isDone) {
        const seen: number[] = (await changes(db)).map(([, seq]) => seq as number)
        // Had a smaller number appeared after a larger one, there would be a gap now.
        assert.deepEqual(
          seen,
          seen.map((_, index) => index + 1),
        )
        assert.ok(seen.length >= highest)
        highest = seen.length
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    })()
    await Promise.all(batches.map((batch) => upsertPapers(db, batch, now)))
    isDone = true
    await watch
    assert.equal(await lastChange(db), 40)
  })

  test('whoever listens hears of changes in this program, until it stops listening', async (t) => {
    const db = await open(t)
    if (!db) return
    let heard = 0
    const stop = onChanges(db, () => {
      heard += 1
    })
    await upsertPapers(db, [attention], now)
    await upsertPapers(db, [attention], now)
    assert.equal(heard, 1)
    stop()
    await upsertPapers(db, [zero], now)
    assert.equal(heard, 1)
  })

  test('the newest number is one look at an index', async (t) => {
    const db = await open(t)
    if (!db) return
    const plan = await queryPlan(
      db,
      db.selectFrom('paper_change').select((eb) => eb.fn.max('seq').as('last')),
    )
    assert.match(plan, /paper_change_seq/)
    assert.doesNotMatch(plan, /Seq Scan|SCAN paper_change$/)
  })
})
