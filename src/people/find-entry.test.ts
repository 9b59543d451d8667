import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { ada, ben, seedPeople } from '../../tests/people.ts'
import { signIn } from '../../tests/sign-in.ts'
import type { Db } from '../db/index.ts'
import { findEntry } from './find-entry.ts'
import { type Entry, keyFor, sessionCookieName, sessionCookieValue } from './index.ts'
import { newSecret } from './token-secret.ts'

const secret = 'a secret of this test, long enough to be one'
const now = new Date('2026-03-02T15:00:00.000Z')
const entryOf = (db: Db, cookie?: string, authorization?: string, at = now) =>
  findEntry(db, keyFor(secret, 'sessions'), { cookie, authorization, isSecure: false }, at)
const viewerOf = async (db: Db, cookie?: string) => ((await entryOf(db, cookie)) as Entry | undefined)?.viewer

onEveryDatabase('who comes in', (open) => {
  test('nobody without a cookie; Ada with hers; nobody once the session is over, revoked, or Ada is blocked', async (t) => {
    const db = await open(t)
    if (!db) return
    await seedPeople(db)
    const cookie = await signIn(db, secret, ada, now)
    assert.equal(await entryOf(db), undefined)
    assert.deepEqual(await viewerOf(db, `theme=dark; ${cookie}`), {
      personId: ada,
      name: 'Ada Byron',
      role: 'reader',
      isConfirmed: true,
      scopes: ['read', 'write', 'admin'],
    })
    const nextYear = new Date('2027-03-02T15:00:00.000Z')
    assert.equal(await entryOf(db, cookie, undefined, nextYear), undefined)
    await db.updateTable('person').set({ blocked_at: now.toISOString() }).where('id', '=', ada).execute()
    assert.equal(await entryOf(db, cookie), undefined)
    await db.updateTable('person').set({ blocked_at: null }).where('id', '=', ada).execute()
    assert.ok(await entryOf(db, cookie))
    await db.deleteFrom('session').execute()
    assert.equal(await entryOf(db, cookie), undefined)
  })

  test('a cookie with another signature, another secret’s, or the plain name on an https site is nobody’s', async (t) => {
    const db = await open(t)
    if (!db) return
    await seedPeople(db)
    const cookie = await signIn(db, secret, ada, now)
    const { token } = await db.selectFrom('session').select('token').executeTakeFirstOrThrow()
    const named = (value: string) => `${sessionCookieName(false)}=${value}`
    assert.ok(await entryOf(db, named(sessionCookieValue(token, keyFor(secret, 'sessions')))))
    assert.equal(await entryOf(db, named(sessionCookieValue(token, keyFor('other', 'sessions')))), undefined)
    assert.equal(await entryOf(db, named(sessionCookieValue(token, keyFor(secret, 'forms')))), undefined)
    for (const value of [token, `${token}.`, '.', '%', `${token}.%00`, ''])
      assert.equal(await entryOf(db, named(value)), undefined, value)
    const secure = await findEntry(db, keyFor(secret, 'sessions'), { cookie, isSecure: true }, now)
    assert.equal(secure, undefined, 'a cookie that anybody on the network can plant opens nothing')
  })

  test('a token comes in with its scopes, and is refused once expired; anything else is refused, not ignored', async (t) => {
    const db = await open(t)
    if (!db) return
    await seedPeople(db)
    const { secret: token, prefix, hash } = newSecret()
    await db
      .insertInto('access_token')
      .values({
        id: 't1',
        person_id: ben,
        name: 'laptop',
        prefix,
        hash,
        scopes: 'read write',
        created_at: now.toISOString(),
        expires_at: '2026-04-01T00:00:00.000Z',
      })
      .execute()
    const entry = (await entryOf(db, undefined, `Bearer ${token}`)) as Entry
    assert.deepEqual([entry.by, entry.viewer.personId, entry.viewer.scopes], ['token', ben, ['read', 'write']])
    const ada_ = await signIn(db, secret, ada, now)
    assert.equal(((await entryOf(db, ada_, `Bearer ${token}`)) as Entry).viewer.personId, ben, 'the token counts')
    assert.equal(await entryOf(db, undefined, `Bearer ${token}`, new Date('2026-04-01T00:00:00.000Z')), 'refused')
    assert.equal(await entryOf(db, undefined, `Bearer ${token}x`), 'refused')
    assert.equal(await entryOf(db, undefined, `Bearer ${hash}`), 'refused', 'the stored hash is no token')
    assert.equal(await entryOf(db, undefined, 'Basic YTpi'), undefined)
  })
})
