import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSqliteForTest } from '../../tests/databases.ts'
import { arxiv, record } from '../../tests/papers.ts'
import { findPaper, type PaperRecord, upsertPapers } from './index.ts'

const now = new Date('2026-03-02T15:00:00.000Z')
const id = '2603.00001'
const stub = record({
  identifiers: [arxiv(id)],
  title: 'A First Title',
  abstract: 'As the list shows it.',
  summary: 'In our words.',
  authors: [{ name: 'A. Cut' }],
  categories: ['cs.LG', 'cs.XX'],
})
const truth = (part: Partial<PaperRecord>): PaperRecord => ({
  ...stub,
  title: 'The Title of Version 2',
  abstract: 'As the authors wrote it.',
  authors: [{ name: 'Ada Byron' }, { name: 'Ben Okri' }],
  categories: ['cs.LG', 'cs.CL'],
  versions: [
    { version: 1, submittedAt: '2026-02-27T10:00:00.000Z', withdrawn: false },
    { version: 2, submittedAt: '2026-03-01T10:00:00.000Z', withdrawn: false },
  ],
  submittedAt: '2026-02-27T10:00:00.000Z',
  isTruth: true,
  ...part,
})

test('P28: the archive’s own word replaces a stub and an older title; a summary of ours stays', async (t) => {
  const db = await openSqliteForTest(t)
  await upsertPapers(db, [stub], now)
  await upsertPapers(db, [truth({})], now)
  const find = async () => (await findPaper(db, arxiv(id), '2026-03-02'))!
  const { card, state } = await find()
  assert.equal(card.title, 'The Title of Version 2')
  assert.equal(state.row.abstract, 'As the authors wrote it.')
  assert.equal(state.row.summary, 'In our words.')
  assert.deepEqual(
    state.authors.map(({ name }) => name),
    ['Ada Byron', 'Ben Okri'],
  )
  assert.deepEqual(card.categories, ['cs.LG', 'cs.CL'])
  assert.equal(state.row.latest_version, 2)

  // Neither a list made before nor an index that lags takes it back.
  await upsertPapers(db, [stub, truth({ title: 'A First Title', versions: [{ version: 1 }] })], now)
  assert.equal((await find()).card.title, 'The Title of Version 2')
  // Found by its new title from now on.
  const [again] = await upsertPapers(
    db,
    [record({ title: 'the title of version 2', authors: [{ name: 'Ada Byron' }] })],
    now,
  )
  assert.equal(again?.paperId, state.id)
})

test('P29: withdrawn when the archive says so, with the reason; and no longer when it takes that back', async (t) => {
  const db = await openSqliteForTest(t)
  const versions = (withdrawn: boolean) => [{ version: 1 }, { version: 2, withdrawn }]
  await upsertPapers(db, [truth({ versions: versions(false), comment: '12 pages' })], now)
  const state = async () => (await findPaper(db, arxiv(id), '2026-03-02'))!.state.row
  await upsertPapers(db, [truth({ versions: versions(true), comment: 'Withdrawn: Lemma 2 is wrong' })], now)
  assert.equal((await state()).withdrawn_version, 2)
  assert.equal((await state()).comment, 'Withdrawn: Lemma 2 is wrong')
  // A source that does not know about withdrawals does not undo one.
  await upsertPapers(db, [truth({ versions: [{ version: 1 }, { version: 2 }] })], now)
  assert.equal((await state()).withdrawn_version, 2)
  await upsertPapers(db, [truth({ versions: versions(false) })], now)
  assert.equal((await state()).withdrawn_version, null)
})

test('the archive’s word said again changes nothing', async (t) => {
  const db = await openSqliteForTest(t)
  await upsertPapers(db, [truth({})], now)
  const [again] = await upsertPapers(db, [truth({})], new Date('2026-03-03T15:00:00.000Z'))
  assert.equal(again?.outcome, 'unchanged')
})
