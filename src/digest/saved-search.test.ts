import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSqliteForTest } from '../../tests/databases.ts'
import { clockAt, deliveryStates, digestTools, fillEdition, subscribed } from '../../tests/digests.ts'
import { startMailServer } from '../../tests/mail-server.ts'
import { ada, seedPeople } from '../../tests/people.ts'
import { openSearchForTest } from '../../tests/search.ts'
import { markSeen, runDigests, savedSearches, saveSearch, searchFinder } from './index.ts'

test('a saved search counts what is new since it was seen, and brings it by mail, each paper once', async (t) => {
  const db = await openSqliteForTest(t)
  await seedPeople(db)
  await fillEdition(db, '2026-03-02', 4)
  await using search = await openSearchForTest(t, db)
  const finder = searchFinder(async (work) => work(await search.index()))
  const now = new Date('2026-03-02T00:30:00Z')
  await saveSearch(db, ada, 'surprised', '', now)
  await search.caughtUp()
  const later = new Date('2026-03-02T08:00:00Z')
  const [saved] = await savedSearches(db, finder, ada, later)
  assert.equal(saved?.newCount, 4)
  await markSeen(db, ada, saved!.id, later)
  assert.equal((await savedSearches(db, finder, ada, later))[0]?.newCount, 0)

  const server = await startMailServer(t)
  const since = new Date('2026-03-01T12:00:00Z')
  await subscribed(db, 'ada@example.org', { want: { kind: 'search', query: 'surprised' } }, since)
  await subscribed(db, 'ben@example.org', { want: { kind: 'search', query: 'zebrafish' } }, since)
  const clock = clockAt('2026-03-02T07:00:00Z')
  await runDigests(digestTools(t, db, server, clock, { finder }), { worker: 'test' })
  const [mail] = await server.mailTo('ada@example.org')
  assert.equal(mail?.subject, 'Search: surprised, Mon 2 March: 4 papers')
  assert.deepEqual(await deliveryStates(db), [
    'ada@example.org 2026-03-02: sent',
    'ben@example.org 2026-03-02: skipped (no papers: nothing new for this subscription)',
  ])
})
