import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { type Db, dialectOf } from '../../src/db/index.ts'
import { listPapers } from '../../src/feed/index.ts'
import { upsertPapers } from '../../src/papers/index.ts'
import { createAccessToken, createInvite, type Role, reaches } from '../../src/people/index.ts'
import { routes } from '../../src/web/routes.ts'
import { onEverySite, openTestSite, type TestSite } from '../open-site.ts'
import { attention, oldStyle } from '../papers.ts'
import { ada, ben, chen, seedPeople } from '../people.ts'
import { access, reachesForAda } from './route-access.ts'

// Ada is somebody whom others may reach for; Ben and Chen only read; Edda edits, Ruth runs the site.
const edda = 'edda'
const ruth = 'ruth'
const now = new Date()

async function seed({ context: { db } }: TestSite): Promise<string> {
  await seedPeople(db)
  const at = now.toISOString()
  for (const [id, role] of [
    [edda, 'editor'],
    [ruth, 'admin'],
  ] as const)
    await db
      .insertInto('person')
      .values({ id, name: id, email: `${id}@example.org`, email_verified: 1, role, created_at: at, updated_at: at })
      .execute()
  const outcomes = await upsertPapers(db, [attention, oldStyle], now)
  const day = '2026-03-02'
  await listPapers(
    db,
    outcomes.map(({ paperId }) => ({ paperId, day })),
    'import',
    now,
  )
  await db
    .insertInto('vote')
    .values({ paper_id: outcomes[0]!.paperId, person_id: ada, created_at: at, counts: 1 } as never)
    .execute()
  await createAccessToken(db, { personId: ada, role: 'reader' }, { name: 'laptop', scope: 'read', days: 30 }, now)
  const times = { created_at: at, updated_at: at }
  await db
    .insertInto('identity')
    .values({ id: 'i1', provider: 'orcid', subject: 's', person_id: ada, ...times })
    .execute()
  await db
    .insertInto('passkey')
    .values({
      id: 'p1',
      person_id: ada,
      credential_id: 'c',
      public_key: 'k',
      counter: 0,
      device_type: 'x',
      backed_up: 0,
      created_at: at,
    })
    .execute()
  return createInvite(db, { role: 'reader', note: 'Grace', invitedBy: ruth }, now)
}

/** A real address for each pattern. */
function pathOf(pattern: string, invite: string): string {
  const kinds: Record<string, string> = { date: '2026-03-02', week: '2026-W10', month: '2026-03' }
  return pattern
    .replace(/:id\{\.\+(.*)\}$/, (_, end: string) => `2601.00001${end.replaceAll('\\', '')}`)
    .replace(/(date|week|month)\/:key/, (_, kind: string) => `${kind}/${kinds[kind]}`)
    .replace('authors/:key', 'authors/ada-byron')
    .replace(':category', 'cs.LG')
    .replace(':provider', 'orcid')
    .replace(':secret', invite)
    .replace(':person', ben)
    .replace(/:(token|id)/g, 'none')
}

const keyOf = (route: { method: string; path: string }) => `${route.method.toUpperCase()} ${route.path}`
/** Those that stand in the table; the first test names the others. */
const known = routes.filter((route) => keyOf(route) in access)
const isRefused = (status: number) => status === 401 || status === 403

test('every route stands in the table of who may, and the table in the routes', () => {
  assert.deepEqual(
    routes.map(keyOf).sort(),
    Object.keys(access).sort(),
    'tests/flows/route-access.ts and src/web/routes.ts',
  )
})

onEverySite('the table of who may is true', (open) => {
  test('for nobody, a reader, an editor and an administrator, signed in', async (t) => {
    const wrong: string[] = []
    const roles: ['nobody' | Role, string | undefined][] = [
      ['nobody', undefined],
      ['reader', chen],
      ['editor', edda],
      ['admin', ruth],
    ]
    const site = await open(t, { PAPERROUND_TRUST_PROXY: 'true' })
    if (!site) return
    const invite = await seed(site)
    for (const [role, personId] of roles) {
      for (const [index, route] of known.entries()) {
        // Many forms from one network would be refused for that reason first.
        const from = { 'x-forwarded-for': `192.0.2.${index}` }
        // Leaving, signing out and the like change who one is, so each is asked by a new session of a person restored.
        const as = personId && (await site.signIn(personId))
        const path = pathOf(route.path, invite)
        const answer = route.method === 'get' ? await site.ask(path, { as }) : await site.send(path, {}, as, from)
        const [who] = (access[keyOf(route)] ?? '').split(' ')
        const may =
          who === 'anyone' ||
          (role !== 'nobody' && reaches(role, who === 'signed-in' ? 'reader' : (who as 'editor' | 'admin')))
        const expected = may ? 'in' : role === 'nobody' ? 401 : 403
        const got = isRefused(answer.status) ? answer.status : 'in'
        if (answer.status === 429 || answer.status >= 500)
          wrong.push(`${role}: ${keyOf(route)} failed with ${answer.status}`)
        if (got !== expected) wrong.push(`${role}: ${keyOf(route)} gave ${answer.status}, not ${expected}`)
      }
    }
    assert.deepEqual(wrong, [])
  })
})

test('for tokens: each scope opens what it says, and no token reaches what is for browsers only', async (t) => {
  const site = await openTestSite(t)
  const invite = await seed(site)
  const wrong: string[] = []
  for (const scope of ['read', 'write', 'admin'] as const) {
    const person = { personId: ruth, role: 'admin' as const }
    const token = await createAccessToken(site.context.db, person, { name: scope, scope, days: 7 }, now)
    for (const route of known) {
      const headers = { authorization: `Bearer ${token}` }
      const init = route.method === 'post' ? { method: 'POST', body: new URLSearchParams({ x: '1' }) } : {}
      const { status } = await site.ask(pathOf(route.path, invite), { headers, ...init })
      const [who, not] = (access[keyOf(route)] ?? '').split(' ')
      const needed = who === 'admin' ? 'admin' : route.method === 'get' ? 'read' : 'write'
      const levels = ['read', 'write', 'admin']
      const may = !not && levels.indexOf(scope) >= levels.indexOf(needed)
      if (isRefused(status) === may) wrong.push(`token ${scope}: ${keyOf(route)} gave ${status}`)
    }
  }
  assert.deepEqual(wrong, [])
})

onEverySite('what is somebody’s stays theirs', (open) => {
  test('an id of Ada’s in a form of Ben’s, of an editor’s or an administrator’s changes nothing', async (t) => {
    const site = await open(t)
    if (!site) return
    await seed(site)
    await site.signIn(ada)
    const { db } = site.context
    for (const personId of [ben, edda, ruth]) {
      const as = await site.signIn(personId)
      for (const { route, table } of reachesForAda) {
        const mine = () =>
          db
            .selectFrom(table as 'session')
            .select('id')
            .where('person_id', '=', ada)
            .execute()
        const [row] = await mine()
        assert.ok(row, `Ada has a ${table}`)
        const answer = await site.send(route, { id: row.id }, as)
        assert.equal(answer.status, 404, `${personId} at ${route}`)
        assert.equal((await mine()).length, 1, `${personId} at ${route}`)
        const gone = await site.send(route, { id: 'never-was' }, as)
        assert.equal(await textWithout(answer), await textWithout(gone), 'answered as if it never was')
      }
      const exported = await (await site.ask('/account/export', { as })).text()
      assert.doesNotMatch(exported, /ada@example\.org/)
    }
  })

  test('a search or a subscription of Ada’s is none of Ben’s, an editor’s or an administrator’s', async (t) => {
    const site = await open(t)
    if (!site) return
    await seed(site)
    const { db } = site.context
    const asAda = await site.signIn(ada)
    await site.send('/searches', { query: 'attention', name: 'mine' }, asAda)
    await site.send('/subscribe/me', {}, asAda)
    const search = await db.selectFrom('saved_search').selectAll().executeTakeFirstOrThrow()
    const subscription = await db.selectFrom('subscription').selectAll().executeTakeFirstOrThrow()
    const mine = async () => [
      await db.selectFrom('saved_search').selectAll().where('person_id', '=', ada).execute(),
      await db.selectFrom('subscription').selectAll().where('id', '=', subscription.id).execute(),
    ]
    const before = await mine()
    for (const personId of [ben, edda, ruth]) {
      const as = await site.signIn(personId)
      for (const action of ['seen', 'remove']) {
        const answer = await site.send(`/searches/${search.id}`, { action }, as)
        const gone = await site.send('/searches/never-was', { action }, as)
        assert.equal(answer.status, gone.status, `${personId}: ${action}, answered as if it never was`)
      }
      assert.doesNotMatch(await (await site.ask('/searches', { as })).text(), /mine/)
      await site.send('/subscribe/me', {}, as)
      const { token } = await db
        .selectFrom('subscriber')
        .select('token')
        .where('person_id', '=', personId)
        .executeTakeFirstOrThrow()
      for (const action of ['end', 'pause-7', 'now', 'save']) {
        const answer = await site.send(`/mail/${token}/${subscription.id}`, { action }, as)
        assert.equal(answer.status, 404, `${personId}: ${action} of Ada’s subscription`)
      }
      const preview = await site.ask(`/mail/${token}/${subscription.id}/preview`, { as })
      assert.equal(preview.status, 404, `${personId}: preview of Ada’s subscription`)
    }
    assert.deepEqual(await mine(), before)
  })

  test('a claim and a vote are made for oneself, whoever the form names', async (t) => {
    const site = await open(t)
    if (!site) return
    await seed(site)
    const { db } = site.context
    const as = await site.signIn(ben)
    const paper = attention.identifiers[0]!.id
    await site.send('/papers/claim', { paper, person: ada, personId: ada }, as)
    await site.send('/papers/upvote', { withdraw: paper, person: ada, personId: ada }, as)
    const claims = await db.selectFrom('paper_claim').select('person_id').execute()
    assert.deepEqual(
      claims.map((row) => row.person_id),
      [ben],
    )
    assert.equal((await db.selectFrom('vote').select('person_id').where('person_id', '=', ada).execute()).length, 1)
  })

  test('P45, P54: GET changes nothing, whoever asks for whatever', async (t) => {
    const site = await open(t)
    if (!site) return
    const invite = await seed(site)
    const { db } = site.context
    const token = await createAccessToken(
      db,
      { personId: ruth, role: 'admin' },
      { name: 't', scope: 'admin', days: 7 },
      now,
    )
    const actors: Record<string, RequestInit & { as?: string | undefined }> = { nobody: {} }
    for (const personId of [chen, edda, ruth]) actors[personId] = { as: await site.signIn(personId) }
    actors['a token'] = { headers: { authorization: `Bearer ${token}` } }
    const gets = routes.filter((route) => route.method === 'get')
    let before = await contentOf(db)
    const count = await changeCount(db)
    for (const [actor, init] of Object.entries(actors)) {
      for (const route of gets) {
        for (const method of ['GET', 'HEAD']) await site.ask(pathOf(route.path, invite), { ...init, method })
        assert.equal(await changeCount(db), count, `${actor}: ${keyOf(route)} wrote`)
      }
      const after = await contentOf(db)
      assert.deepEqual(difference(before, after), [], `${actor}: some GET wrote`)
      before = after
    }
  })
})

/** Rows that SQLite has written so far; elsewhere nothing is counted, and the content says it. */
async function changeCount(db: Db): Promise<number> {
  if (dialectOf(db) === 'postgres') return 0
  const { rows } = await sql<{ count: number }>`select total_changes() as count`.execute(db)
  return rows[0]?.count ?? 0
}

const difference = (before: string[], after: string[]): string[] => {
  const [old, now] = [new Set(before), new Set(after)]
  return [...before.filter((line) => !now.has(line)), ...after.filter((line) => !old.has(line))]
}

/** Everything in the database, a line for each row. */
async function contentOf(db: Db): Promise<string[]> {
  const tables = (await db.introspection.getTables()).filter((table) => !table.isView).map((table) => table.name)
  const content: string[] = []
  for (const table of tables.sort()) {
    const rows = await db
      .selectFrom(table as 'person')
      .selectAll()
      .execute()
    content.push(...rows.map((row) => `${table} ${JSON.stringify(row)}`))
  }
  return content
}

const textWithout = async (answer: Response) => (await answer.clone().text()).replace(/value="[^"]*"/g, '')
