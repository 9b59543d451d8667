import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { arxiv, attention, oldStyle, record, zero } from '../../tests/papers.ts'
import { ada, ben, chen, seedPeople } from '../../tests/people.ts'
import type { Db } from '../db/index.ts'
import { cardsOf, type Identifier, type PaperId, upsertPapers } from '../papers/index.ts'
import { claimPaper, decideClaim } from '../people/index.ts'
import {
  failRequest,
  listPapers,
  placePaper,
  planSubmission,
  queuedPapers,
  removePaper,
  requestsOf,
  resolveRequests,
  type SubmissionRules,
  type Submitter,
  submissionsOf,
  submitPaper,
} from './index.ts'

// Tuesday noon in New York; the current edition is that of 3 March.
const now = new Date('2026-03-03T17:00:00.000Z')
const today = '2026-03-03'
const rules: SubmissionRules = { submitWho: 'anyone', submitMaxAgeDays: 14, submitPerDay: 5, submitWeekends: 'open' }
const reader = (personId: string): Submitter => ({ personId, role: 'reader', hasClaim: false })
const fresh = record({
  identifiers: [arxiv('2603.00001'), { source: 'doi', id: '10.1000/fresh' }],
  title: 'A fresh paper',
  announcedOn: '2026-03-02',
})

async function seed(db: Db): Promise<PaperId> {
  await seedPeople(db)
  const [outcome] = await upsertPapers(db, [fresh, attention, oldStyle], now)
  return outcome!.paperId
}
const submit = (db: Db, identifier: Identifier, more: Partial<Parameters<typeof submitPaper>[1]> = {}) =>
  submitPaper(db, { submitter: reader(ada), identifier, rules, now, ...more })
const cardOf = async (db: Db, id: PaperId) => (await cardsOf(db, [id], today))[0]!

onEveryDatabase('submitting a paper', (open) => {
  test('puts it into today’s edition with an upvote, a comment and the name of who did it', async (t) => {
    const db = await open(t)
    if (!db) return
    const paperId = await seed(db)
    assert.deepEqual(await submit(db, arxiv('2603.00001'), { comment: ' Worth a look. ' }), {
      kind: 'list',
      paperId,
      day: today,
    })
    const card = await cardOf(db, paperId)
    assert.equal(card.upvotes, 1)
    assert.equal(card.listing?.day, today)
    assert.equal(card.listing?.origin, 'submitted')
    assert.equal(card.listing?.submittedBy, 'Ada Byron')
    assert.deepEqual(
      (await submissionsOf(db, paperId, 10)).map((one) => [one.name, one.comment]),
      [['Ada Byron', 'Worth a look.']],
    )
  })

  test('P30: twice is an upvote and a comment, never an error; by any identifier', async (t) => {
    const db = await open(t)
    if (!db) return
    const paperId = await seed(db)
    await submit(db, arxiv('2603.00001'))
    const again = await submit(
      db,
      { source: 'doi', id: '10.1000/fresh' },
      { submitter: reader(ben), comment: 'Me too' },
    )
    assert.deepEqual(again, { kind: 'listed_before', paperId, day: today })
    await submit(db, arxiv('2603.00001'), { comment: 'On second thought' })
    assert.equal((await cardOf(db, paperId)).upvotes, 2)
    assert.equal((await cardOf(db, paperId)).listing?.submittedBy, 'Ada Byron')
    assert.deepEqual(
      (await submissionsOf(db, paperId, 10)).map((one) => [one.name, one.comment]),
      [
        ['Ada Byron', 'On second thought'],
        ['Ben Okri', 'Me too'],
      ],
    )
  })

  test('two people who submit one paper at once both succeed, and it is listed once', async (t) => {
    const db = await open(t)
    if (!db) return
    const paperId = await seed(db)
    await Promise.all([ada, ben, chen].map((id) => submit(db, arxiv('2603.00001'), { submitter: reader(id) })))
    assert.equal((await cardOf(db, paperId)).upvotes, 3)
  })

  test('P30: a paper older than the limit is refused in a sentence; an editor may submit it', async (t) => {
    const db = await open(t)
    if (!db) return
    await seed(db)
    const refused = await submit(db, arxiv('2601.00001'))
    assert.equal(refused.kind, 'refused')
    assert.match('text' in refused ? refused.text : '', /1 January 2026, 61 days old; papers up to 14 days/)
    const byEditor = await submit(db, arxiv('2601.00001'), { submitter: { ...reader(ben), role: 'editor' } })
    assert.equal(byEditor.kind, 'list')
  })

  test('an old id that is not stored is refused by its month, without asking anybody', async (t) => {
    const db = await open(t)
    if (!db) return
    await seed(db)
    assert.equal((await submit(db, arxiv('2104.12255'))).kind, 'refused')
    assert.equal((await submit(db, arxiv('hep-th/9901099'))).kind, 'refused')
    assert.deepEqual(await queuedPapers(db, 10), [])
  })

  test('the limit of a day counts what was newly listed or queued, for two requests at once too', async (t) => {
    const db = await open(t)
    if (!db) return
    await seed(db)
    const two = { rules: { ...rules, submitPerDay: 2 } }
    await upsertPapers(
      db,
      [1, 2, 3].map((n) => record({ identifiers: [arxiv(`2603.0100${n}`)], title: `Paper ${n}` })),
      now,
    )
    await listPapers(db, [{ paperId: (await upsertPapers(db, [zero], now))[0]!.paperId, day: today }], 'gathered', now)
    assert.equal((await submit(db, arxiv('2104.12255'), two)).kind, 'listed_before')
    const kinds = (
      await Promise.all(['2603.01001', '2603.01002', '2603.99999'].map((id) => submit(db, arxiv(id), two)))
    )
      .map((plan) => plan.kind)
      .sort()
    assert.equal(kinds.filter((kind) => kind === 'refused').length, 1, kinds.join())
    assert.equal((await submit(db, arxiv('2603.01003'), two)).kind, 'refused')
    const tomorrow = { ...two, now: new Date('2026-03-04T17:00:00.000Z') }
    assert.equal((await submit(db, arxiv('2603.01003'), tomorrow)).kind, 'list')
  })

  test('who may: editors only, people with a confirmed claim, and no weekends', async (t) => {
    const db = await open(t)
    if (!db) return
    const paperId = await seed(db)
    const kindWith = async (more: Partial<SubmissionRules>, submitter = reader(ada), at = now) =>
      (await planSubmission(db, { submitter, identifier: arxiv('2603.00001'), rules: { ...rules, ...more }, now: at }))
        .kind
    assert.equal(await kindWith({ submitWho: 'editors' }), 'refused')
    assert.equal(await kindWith({ submitWho: 'editors' }, { ...reader(ada), role: 'editor' }), 'list')
    assert.equal(await kindWith({ submitWho: 'authors' }), 'refused')
    assert.equal(await kindWith({ submitWho: 'authors' }, { ...reader(ada), hasClaim: true }), 'list')
    const saturday = new Date('2026-03-07T17:00:00.000Z')
    assert.equal(await kindWith({ submitWeekends: 'closed' }, reader(ada), saturday), 'refused')
    assert.equal(await kindWith({ submitWeekends: 'open' }, reader(ada), saturday), 'list')
    const plan = await planSubmission(db, {
      submitter: reader(ada),
      identifier: arxiv('2603.00001'),
      rules,
      now: saturday,
    })
    assert.deepEqual(plan, { kind: 'list', paperId, day: '2026-03-06' })
  })

  test('a paper that is not stored waits, and is listed with vote and comment when it comes', async (t) => {
    const db = await open(t)
    if (!db) return
    await seed(db)
    const wanted = arxiv('2603.00777')
    assert.deepEqual(await submit(db, wanted, { comment: 'Soon' }), { kind: 'queue', again: false })
    assert.deepEqual(await submit(db, wanted), { kind: 'queue', again: true })
    await submit(db, wanted, { submitter: reader(ben) })
    assert.deepEqual(
      (await queuedPapers(db, 10)).map((one) => one.id),
      ['2603.00777'],
    )
    assert.equal(await resolveRequests(db, now), 0)
    const later = new Date('2026-03-03T18:00:00.000Z')
    const [arrived] = await upsertPapers(
      db,
      [record({ identifiers: [wanted], title: 'Arrived', announcedOn: today })],
      later,
    )
    assert.equal(await resolveRequests(db, later), 2)
    assert.equal(await resolveRequests(db, later), 0)
    const card = await cardOf(db, arrived!.paperId)
    assert.deepEqual([card.upvotes, card.listing?.origin, card.listing?.submittedBy], [2, 'submitted', 'Ada Byron'])
    assert.deepEqual(
      (await requestsOf(db, ada, 10)).map((one) => one.state),
      ['listed'],
    )
    assert.deepEqual(await queuedPapers(db, 10), [])
  })

  test('a paper that turns out too old, or does not exist, is told to who asked', async (t) => {
    const db = await open(t)
    if (!db) return
    await seed(db)
    await submit(db, { source: 'doi', id: '10.1000/late' })
    await submit(db, arxiv('2603.09999'))
    await upsertPapers(
      db,
      [record({ identifiers: [{ source: 'doi', id: '10.1000/late' }], title: 'Late', datedOn: '2025-01-01' })],
      now,
    )
    await resolveRequests(db, now)
    await failRequest(db, arxiv('2603.09999'), 'arXiv has no paper of this id.', now)
    const requests = await requestsOf(db, ada, 10)
    assert.deepEqual(
      requests.map((one) => one.state),
      ['failed', 'failed'],
    )
    const problems = requests.map((one) => one.problem).join()
    assert.match(problems, /days old/)
    assert.match(problems, /no paper of this id/)
    // Asking again after a failure is a new request.
    assert.deepEqual(await submit(db, arxiv('2603.09999')), { kind: 'queue', again: false })
  })

  test('what an editor removed is upvoted but not listed again, by nobody but an editor', async (t) => {
    const db = await open(t)
    if (!db) return
    const paperId = await seed(db)
    await submit(db, arxiv('2603.00001'))
    const change = { actorId: chen, at: now }
    await removePaper(db, paperId, { ...change, reason: 'spam' })
    const plan = await submit(db, arxiv('2603.00001'), { submitter: reader(ben) })
    assert.deepEqual(plan, { kind: 'removed', paperId, reason: 'spam' })
    assert.equal(await listPapers(db, [{ paperId, day: today }], 'gathered', now), 0)
    const card = await cardOf(db, paperId)
    assert.deepEqual([card.upvotes, card.listing, card.hotness], [2, undefined, undefined])
    await placePaper(db, paperId, today, change)
    assert.equal((await cardOf(db, paperId)).listing?.day, today)
  })

  test('P14: a refused claim can be made again, and a confirmed one is seen', async (t) => {
    const db = await open(t)
    if (!db) return
    const paperId = await seed(db)
    const claim = { personId: ada, paperId }
    assert.equal(await claimPaper(db, { ...claim, at: now }), 'pending')
    await decideClaim(db, claim, 'refused', { actorId: chen, at: now, reason: 'another Ada' })
    assert.equal(await claimPaper(db, { ...claim, at: now }), 'pending')
    await decideClaim(db, claim, 'confirmed', { actorId: chen, at: now })
    assert.equal(await claimPaper(db, { ...claim, at: now }), 'confirmed')
  })
})
