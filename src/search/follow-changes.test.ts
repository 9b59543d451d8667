import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { onEveryDatabase, temporaryFolder } from '../../tests/databases.ts'
import { arxiv, attention, fivePapers, record, zero } from '../../tests/papers.ts'
import { openSearchForTest } from '../../tests/search.ts'
import { type Db, inTransaction, queryPlan, refreshStatistics } from '../db/index.ts'
import { recordChanges, upsertPapers } from '../papers/index.ts'
import { openEngineIndex } from './adapters/engine-index.ts'
import { documentsOf } from './documents.ts'
import { followChanges } from './follow-changes.ts'
import { openSearch, type PaperSearch } from './open-search.ts'
import type { SearchIndex } from './port.ts'
import { changesAfterQuery, papersOfTitleHashQuery, papersOfTitlesQuery, votedIdsQuery } from './queries.ts'

const now = new Date('2026-01-02T12:00:00Z')
const titles = async (search: PaperSearch, text: string) => {
  const { hits } = await (await search.index()).search({ text, limit: 10, arms: 'lexical' })
  return hits.length
}

onEveryDatabase('the index follows the papers', (open) => {
  test('what is stored can be found, what changes is found as it is now, what goes is gone', async (t) => {
    const db = await open(t)
    if (!db) return
    await upsertPapers(db, fivePapers, now)
    await using search = await openSearchForTest(t, db)
    assert.equal((await search.report()).documents, 5)
    assert.equal(await titles(search, 'strings'), 1)
    const [paper] = await upsertPapers(
      db,
      [record({ title: 'Windows of rooms', identifiers: [arxiv('2601.00007')] })],
      now,
    )
    await search.caughtUp()
    assert.equal(await titles(search, 'windows'), 1)
    await upsertPapers(
      db,
      [record({ title: 'Windows of rooms', identifiers: [arxiv('2601.00007')], abstract: 'About zymurgy.' })],
      now,
    )
    await search.caughtUp()
    assert.equal(await titles(search, 'zymurgy'), 1)
    await db.transaction().execute(async (tx) => {
      await tx.deleteFrom('paper').where('id', '=', paper!.paperId).execute()
      await recordChanges(tx, [paper!.paperId])
    })
    await search.caughtUp()
    assert.equal(await titles(search, 'windows'), 0)
    assert.equal((await search.report()).behind, 0)
  })

  // How soon is a figure of docs/performance.md: a machine that is busy with other tests says nothing about it.
  test('a paper stored by this program can be found without asking, one after another', async (t) => {
    const db = await open(t)
    if (!db) return
    await upsertPapers(db, fivePapers, now)
    await using search = await openSearchForTest(t, db)
    const index = await search.index()
    for (let n = 0; n < 5; n++) {
      await upsertPapers(
        db,
        [record({ title: `Quokka number ${n} of the island`, identifiers: [arxiv(`2601.1000${n}`)] })],
        now,
      )
      const stored = performance.now()
      while ((await index.search({ text: 'quokka', limit: 0, facets: true })).total !== n + 1) {
        assert.ok(performance.now() - stored < 10_000, 'not within ten seconds')
        await sleep(2)
      }
    }
  })

  test('while many papers are not in the index yet, it says that it is being built, and how far it is', async (t) => {
    const db = await open(t)
    if (!db) return
    await upsertPapers(
      db,
      Array.from({ length: 2_500 }, (_, n) => record({ title: `Room ${n} of a long corridor` })),
      now,
    )
    // The index takes in one batch, then waits to be let go on.
    let letGo = () => {}
    const gate = new Promise<void>((resolve) => {
      letGo = resolve
    })
    let puts = 0
    const slow = async () => {
      const index = await openEngineIndex({})
      const put: typeof index.put = async (...batch) => {
        if (puts++ > 0) await gate
        return index.put(...batch)
      }
      return { ...index, put }
    }
    await using search = openSearch({
      db,
      folder: join(temporaryFolder(t), 'index'),
      open: slow,
      onProblem: (problem) => assert.fail(String(problem)),
    })
    const index = await search.index()
    assert.equal((await search.report()).state, 'building')
    for (let waited = 0; puts < 2; waited++) {
      assert.ok(waited < 5_000, 'the index is not fed')
      await sleep(2)
    }
    const { state, progress, behind, documents } = await search.report()
    assert.deepEqual({ state, behind, documents }, { state: 'building', behind: 1_500, documents: 1_000 })
    assert.equal(progress, 0.4)
    assert.equal(search.building(), 0.4)
    assert.ok(
      (await index.search({ text: 'corridor', limit: 3 })).hits.length === 3,
      'what is in can be found meanwhile',
    )
    letGo()
    await search.caughtUp()
    assert.equal((await search.report()).state, 'ready')
    assert.equal(search.building(), undefined)
  })

  test('changes of a transaction that ends late are not lost', async (t) => {
    const db = await open(t)
    if (!db) return
    await using search = await openSearchForTest(t, db)
    await inTransaction(db, async (tx) => {
      await upsertPapers(tx, [attention], now)
      await sleep(150)
    })
    await search.caughtUp()
    assert.equal((await search.report()).documents, 1)
  })

  test('documents hold display texts, one id per subject, identifiers as they are, code and withdrawal', async (t) => {
    const db = await open(t)
    if (!db) return
    const outcomes = await upsertPapers(db, fivePapers, now)
    const documents = await documentsOf(
      db,
      outcomes.map(({ paperId }) => paperId),
    )
    const [rooms, , strings, withdrawn, tomatoes] = documents
    assert.deepEqual(rooms?.authors, ['José García', 'Ada Byron'])
    assert.match(rooms?.title ?? '', /^Attention in small rooms: a naïve view/)
    assert.deepEqual(rooms?.categories, ['cs.LG', 'math.ST'])
    assert.deepEqual([rooms?.hasCode, strings?.hasCode], [true, false])
    assert.deepEqual(strings?.identifiers, ['hep-th/9901001'])
    assert.equal(strings?.day, Date.parse('1999-01-04') / 86_400_000)
    assert.equal(withdrawn?.isWithdrawn, true)
    assert.deepEqual(tomatoes?.identifiers, [])
    assert.match(tomatoes?.abstract ?? '', /summary of ours/)
  })

  test('an index of another database, or of an older state of this one, is made anew', async (t) => {
    const db = await open(t)
    if (!db) return
    await upsertPapers(db, [zero], now)
    const folder = join(temporaryFolder(t), 'index')
    mkdirSync(folder)
    writeFileSync(join(folder, 'database'), 'another one')
    const leftOver = join(folder, 'left-over')
    writeFileSync(leftOver, 'x')
    let opened = 0
    const ahead = async () => {
      const index = await openEngineIndex({})
      // Opened for the first time it claims to know changes that this database never saw.
      if (opened++ === 0) await index.remove([], 99)
      return index
    }
    await using search = openSearch({ db, folder, open: ahead, onProblem: (problem) => assert.fail(String(problem)) })
    await search.caughtUp()
    assert.equal(opened, 2)
    assert.equal(existsSync(leftOver), false)
    assert.equal((await search.report()).documents, 1)
  })

  test('an index that lost something is given it again, once, and says so meanwhile', async (t) => {
    const db = await open(t)
    if (!db) return
    await upsertPapers(db, fivePapers, now)
    const engine = await openEngineIndex({})
    const puts: number[] = []
    let isDamaged = false
    let heals = true
    let healthyLooks = 0
    let release = () => {}
    const index: SearchIndex = {
      ...engine,
      async put(documents, seq) {
        if (isDamaged) await new Promise<void>((resolve) => (release = resolve))
        puts.push(documents.length)
        await engine.put(documents, seq)
        if (heals) isDamaged = false
      },
      async status() {
        const status = await engine.status()
        if (isDamaged) return { ...status, appliedSeq: 0 }
        healthyLooks++
        return status
      },
    }
    t.after(() => engine.close())
    await using following = await followChanges(db, index, (problem) => assert.fail(String(problem)))
    await following.caughtUp()
    assert.deepEqual(puts, [5])
    isDamaged = true
    while (following.progress().problem === undefined) await sleep(5)
    assert.match(following.progress().problem ?? '', /All papers are indexed again; searches go on/)
    assert.equal(following.progress().behind, 0, 'all can be found as before')
    while (puts.length < 2) {
      release()
      await sleep(5)
    }
    await following.caughtUp()
    while (following.progress().problem !== undefined) await sleep(5)
    assert.deepEqual(puts, [5, 5])
    // One that stays damaged is not given the same for ever.
    const looks = healthyLooks
    while (healthyLooks === looks) await sleep(5)
    heals = false
    isDamaged = true
    while (puts.length < 3) {
      release()
      await sleep(5)
    }
    await upsertPapers(db, [record({ title: 'A new paper' })], now)
    while (puts.length < 4) {
      release()
      await sleep(5)
    }
    await following.caughtUp()
    assert.deepEqual(puts, [5, 5, 5, 1])
  })

  test('an index that cannot be opened is told in a sentence, and the rest goes on', async (t) => {
    const db = await open(t)
    if (!db) return
    const problems: string[] = []
    await using search = openSearch({
      db,
      folder: join(temporaryFolder(t), 'index'),
      open: () => Promise.reject(new Error('the disk is full')),
      onProblem: (problem) => problems.push(String(problem)),
    })
    await assert.rejects(search.index(), { code: 'unavailable' })
    assert.equal((await search.report()).state, 'failed')
    assert.match((await search.report()).problem ?? '', /disk is full/)
    assert.deepEqual(problems, ['Error: the disk is full'])
  })

  test('the hot queries use their indexes', async (t) => {
    const db = await open(t)
    if (!db) return
    await plansOnManyRows(db)
    const changes = await queryPlan(db, changesAfterQuery(db, 2_990, 200))
    assert.match(changes, /paper_change_seq/, changes)
    const titled = await queryPlan(db, papersOfTitleHashQuery(db, 12_345))
    assert.match(titled, /title_hash|paper_title/, titled)
    const copies = await queryPlan(db, papersOfTitlesQuery(db, [12_345, 67_890], 200))
    assert.match(copies, /title_hash|paper_title/, copies)
    const voted = await queryPlan(db, votedIdsQuery(db))
    assert.match(voted, /standing_upvotes/, voted)
    assert.doesNotMatch(voted, /TEMP B-TREE|Seq Scan/, voted)
  })
})

/** Enough rows that a planner has something to choose from. */
async function plansOnManyRows(db: Db): Promise<void> {
  const papers = Array.from({ length: 3_000 }, (_, n) => record({ title: `A paper with number ${n} in its title` }))
  const outcomes = await upsertPapers(db, papers, now)
  await db
    .insertInto('standing')
    .values(
      outcomes.map(({ paperId }, n) => ({ paper_id: paperId, upvotes: n % 50 ? 0 : n, comments: 0, placement: 0 })),
    )
    .execute()
  await refreshStatistics(db)
}
