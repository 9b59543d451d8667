import assert from 'node:assert/strict'
import { test } from 'node:test'
import { castVote, recountAll } from '../../src/discussion/index.ts'
import { hotness, listPapers } from '../../src/feed/index.ts'
import { upsertPapers } from '../../src/papers/index.ts'
import { changeRole } from '../../src/people/index.ts'
import { onEverySite, type TestSite } from '../open-site.ts'
import { attention } from '../papers.ts'
import { ada, ben, seedPeople } from '../people.ts'

const sure = { sure: 'yes' }

/** A paper that Ada and Ben voted for. */
async function withVotes({ context: { db } }: TestSite) {
  const now = new Date()
  await seedPeople(db)
  const [outcome] = await upsertPapers(db, [attention], now)
  const paperId = outcome!.paperId
  await listPapers(db, [{ paperId, day: '2026-03-02' }], 'import', now)
  for (const personId of [ada, ben]) await castVote(db, { paperId, personId, at: now }, 'up', hotness)
  const standing = () => db.selectFrom('standing').select(['upvotes', 'hotness']).executeTakeFirstOrThrow()
  return { db, before: await standing(), standing }
}

onEverySite('leaving', (open) => {
  test('P26: votes that stay count on, nameless; votes that go take the count and the rank with them', async (t) => {
    const site = await open(t)
    if (!site) return
    const { db, before, standing } = await withVotes(site)
    assert.equal(before.upvotes, 2)
    const adas = await site.signIn(ada)
    await site.send('/account/tokens', { name: 'x', scope: 'read', days: '7' }, adas)

    assert.equal((await site.send('/account/leave', { votes: 'keep' }, adas)).status, 400, 'not sure')
    assert.equal((await site.send('/account/leave', { ...sure }, adas)).status, 400, 'said nothing of the votes')
    assert.equal((await site.send('/account/leave', { votes: 'keep', ...sure }, adas)).status, 200)
    assert.deepEqual(await standing(), before)
    const row = await db.selectFrom('person').selectAll().where('id', '=', ada).executeTakeFirstOrThrow()
    assert.deepEqual([row.name, row.email, row.image, row.role], ['A former reader', null, null, 'reader'])
    assert.equal(await recountAll(db, hotness), 0, 'counts and votes agree')
    for (const table of ['session', 'access_token'] as const)
      assert.deepEqual(
        await db
          .selectFrom(table as 'session')
          .selectAll()
          .where('person_id', '=', ada)
          .execute(),
        [],
      )
    assert.equal((await site.ask('/account', { as: adas })).status, 401)

    assert.equal((await site.send('/account/leave', { votes: 'remove', ...sure }, await site.signIn(ben))).status, 200)
    const after = await standing()
    assert.equal(after.upvotes, 1)
    assert.ok((after.hotness ?? 0) < (before.hotness ?? 0), 'the rank follows')
    assert.equal(await recountAll(db, hotness), 0)
    assert.equal(await db.selectFrom('person').selectAll().where('id', '=', ben).executeTakeFirst(), undefined)
  })

  test('the last administrator cannot leave; a sign-in of last week is not enough', async (t) => {
    const site = await open(t)
    if (!site) return
    const { db } = await withVotes(site)
    await changeRole(db, ada, 'admin', { actorId: ada, at: new Date() })
    const as = await site.signIn(ada)
    const refused = await site.send('/account/leave', { votes: 'keep', ...sure }, as)
    assert.equal(refused.status, 403)
    assert.match(await refused.text(), /only administrator/)
    await changeRole(db, ben, 'admin', { actorId: ada, at: new Date() })
    await db
      .updateTable('session')
      .set({ created_at: '2026-01-01T00:00:00.000Z' })
      .where('person_id', '=', ada)
      .execute()
    const old = await site.send('/account/leave', { votes: 'keep', ...sure }, as)
    assert.equal(old.status, 401)
    assert.match(await old.text(), /sign in once more/)
    for (const [path, fields] of [
      ['/account/tokens', { name: 'x', scope: 'read', days: '7' }],
      ['/account/address', { email: 'new@example.org' }],
      ['/account/passkeys/options', {}],
      ['/admin/invites', { note: 'x', role: 'admin' }],
    ] as const)
      assert.equal((await site.send(path, fields, as)).status, 401, path)
    assert.equal((await site.send('/account/leave', { votes: 'keep', ...sure }, await site.signIn(ada))).status, 200)
  })

  test('the export holds what is stored about a person, of every table, and nobody else’s', async (t) => {
    const site = await open(t)
    if (!site) return
    const { db } = await withVotes(site)
    const as = await site.signIn(ada)
    const answer = await site.ask('/account/export', { as })
    assert.match(answer.headers.get('content-disposition') ?? '', /attachment/)
    const text = await answer.text()
    const data = JSON.parse(text)
    assert.equal(data.person[0].email, 'ada@example.org')
    assert.equal(data.vote.length, 1)
    assert.deepEqual(
      Object.values(data.papers as Record<string, { id: string }>).map((paper) => paper.id),
      ['arxiv:2601.00001'],
    )
    assert.doesNotMatch(text, /ben@example\.org|Ben Okri/)
    const { token } = await db.selectFrom('session').select('token').executeTakeFirstOrThrow()
    assert.equal(text.includes(token), false, 'nothing in it opens the account')
    // Whatever table names people by one of these columns is in the export, or it says here why not.
    const named = (await db.introspection.getTables()).filter((table) =>
      table.columns.some((one) => one.name === 'person_id'),
    )
    for (const table of named) {
      const rows = await db
        .selectFrom(table.name as 'vote')
        .select('person_id')
        .where('person_id', '=', ada)
        .execute()
      assert.equal(data[table.name]?.length ?? 0, rows.length, table.name)
    }
  })
})
