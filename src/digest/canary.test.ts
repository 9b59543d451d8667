import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { onEveryDatabase, openSqliteForTest } from '../../tests/databases.ts'
import { clockAt, deliveryStates, digestTools, fillEdition, subscribed } from '../../tests/digests.ts'
import { type Manners, startMailServer } from '../../tests/mail-server.ts'
import { ada, seedPeople } from '../../tests/people.ts'
import type { Db } from '../db/index.ts'
import { changeSettings } from '../people/index.ts'
import { canaries, decideCanary, runDigests, setMailFlow } from './index.ts'

const worker = 'test'
const day = '2026-03-02'

/** An edition, a reader at seven o'clock, and a canary; the list is complete at half past one. */
async function story(t: TestContext, db: Db, manners: Manners = {}) {
  const server = await startMailServer(t, manners)
  await seedPeople(db)
  await fillEdition(db, day, 3)
  await subscribed(db, 'reader@example.org', {}, new Date('2026-03-01T12:00:00Z'))
  await changeSettings(db, { canary: 'boss@example.org' }, { actorId: ada, at: new Date('2026-03-01T12:00:00Z') })
  const clock = clockAt('2026-03-02T01:30:00Z')
  let isComplete = true
  const tools = digestTools(t, db, server, clock, { isDayComplete: async () => isComplete })
  const runAt = async (instant: string) => {
    clock.now = new Date(instant)
    return runDigests(tools, { worker })
  }
  return {
    server,
    runAt,
    change: () => ({ actorId: ada, at: clock.now }),
    setComplete: (on: boolean) => (isComplete = on),
  }
}

onEveryDatabase('the canary', (open) => {
  test('gets the edition as soon as its day is complete, once; readers get the same at their hour', async (t) => {
    const db = await open(t)
    if (!db) return
    const { server, runAt, setComplete } = await story(t, db)
    setComplete(false)
    await runAt('2026-03-02T01:20:00Z')
    assert.equal(server.delivered.length, 0, 'the day is not complete')
    setComplete(true)
    assert.equal((await runAt('2026-03-02T01:30:00Z')).canaries, 1)
    await runAt('2026-03-02T01:31:00Z')
    const [canary, ...others] = await server.mailTo('boss@example.org')
    assert.equal(others.length, 0)
    assert.equal(canary?.subject, 'Daily papers, Mon 2 March: 3 papers')
    assert.match(canary?.text ?? '', /The canary: this mail goes to you before any reader\./)
    assert.match(
      (canary?.text ?? '').replaceAll(/\s+/g, ' '),
      /One subscription waits for this edition, the first at 2026-03-02 07:00 UTC/,
    )
    assert.equal(canary?.headers.has('list-unsubscribe-post'), false, 'there is nothing to unsubscribe from')
    assert.equal((await server.mailTo('reader@example.org')).length, 0)
    await runAt('2026-03-02T07:00:00Z')
    const [mail] = await server.mailTo('reader@example.org')
    assert.match(mail?.text ?? '', /1\. Paper 1 of 2026-03-02/)
    assert.equal((await server.mailTo('boss@example.org')).length, 1)
  })

  test('refused, it stops the day for everybody until an administrator decides', async (t) => {
    const db = await open(t)
    if (!db) return
    let isRefused = true
    const { server, runAt, change } = await story(t, db, {
      message: () => (isRefused ? { code: 554, text: '5.7.1 this looks like spam' } : 'accept'),
    })
    await subscribed(
      db,
      'fan@example.org',
      { want: { kind: 'categories', categories: ['cs.CL'] } },
      new Date('2026-03-01T12:00:00Z'),
    )
    await runAt('2026-03-02T01:30:00Z')
    await runAt('2026-03-02T07:00:00Z')
    assert.deepEqual(
      (await canaries(db, 5)).map(({ state, reply }) => `${state}: ${reply}`),
      ['failed: 554 5.7.1 this looks like spam'],
    )
    const waiting = [`fan@example.org ${day}: planned`, `reader@example.org ${day}: planned`]
    assert.deepEqual(await deliveryStates(db), waiting, 'nobody was tried')
    await decideCanary(db, day, 'again', change())
    await runAt('2026-03-02T07:01:00Z')
    assert.deepEqual(await deliveryStates(db), waiting, 'refused again')
    isRefused = false
    await decideCanary(db, day, 'again', change())
    await runAt('2026-03-02T07:10:00Z')
    assert.deepEqual(await deliveryStates(db), [`fan@example.org ${day}: sent`, `reader@example.org ${day}: sent`])
    assert.equal((await server.mailTo('boss@example.org')).length, 1)
    await assert.rejects(decideCanary(db, day, 'go on', change()), /settled/)
  })
})

describe('the canary', () => {
  test('without a decision, mail is given up after the greatest lateness, and says why', async (t) => {
    const db = await openSqliteForTest(t)
    const { runAt } = await story(t, db, {
      recipient: (to) => (to.startsWith('boss') ? { code: 550, text: 'no' } : 'accept'),
    })
    await runAt('2026-03-02T07:00:00Z')
    await runAt('2026-03-02T19:01:00Z')
    assert.deepEqual(await deliveryStates(db), [
      `reader@example.org ${day}: skipped (too late: the canary was refused)`,
    ])
  })

  test('greylisted, it is tried again and readers wait for it; let go without it, they do not', async (t) => {
    const db = await openSqliteForTest(t)
    let isBusy = true
    const { server, runAt, change } = await story(t, db, {
      recipient: (to) => (isBusy && to.startsWith('boss') ? { code: 451, text: '4.7.1 later' } : 'accept'),
    })
    await runAt('2026-03-02T06:58:00Z')
    await runAt('2026-03-02T07:00:00Z')
    assert.deepEqual(await deliveryStates(db), [`reader@example.org ${day}: planned`])
    isBusy = false
    await runAt('2026-03-02T07:03:00Z')
    assert.deepEqual(await deliveryStates(db), [`reader@example.org ${day}: sent`])
    assert.equal(server.delivered[0]?.to, 'boss@example.org')
    isBusy = true
    await fillEdition(db, '2026-03-03', 2)
    await runAt('2026-03-03T07:00:00Z')
    await decideCanary(db, '2026-03-03', 'go on', change())
    await runAt('2026-03-03T07:01:00Z')
    assert.deepEqual(await deliveryStates(db), [
      `reader@example.org ${day}: sent`,
      'reader@example.org 2026-03-03: sent',
    ])
  })
})

onEveryDatabase('pausing all digests', (open) => {
  test('what is promised waits, goes out afterwards, and is given up when that is too late; all is logged', async (t) => {
    const db = await open(t)
    if (!db) return
    const { server, runAt, change } = await story(t, db)
    await changeSettings(db, { canary: null }, change())
    assert.equal(await setMailFlow(db, 'paused', change()), true)
    assert.equal(await setMailFlow(db, 'paused', change()), false, 'twice is once')
    assert.equal((await runAt('2026-03-02T07:00:00Z')).paused, true)
    assert.deepEqual(await deliveryStates(db), [`reader@example.org ${day}: planned`])
    await setMailFlow(db, 'flowing', change())
    await runAt('2026-03-02T09:00:00Z')
    assert.equal(server.delivered.length, 1)
    await fillEdition(db, '2026-03-03', 2)
    await setMailFlow(db, 'paused', change())
    await runAt('2026-03-03T07:00:00Z')
    await runAt('2026-03-03T20:00:00Z')
    await setMailFlow(db, 'flowing', change())
    await runAt('2026-03-03T20:01:00Z')
    assert.deepEqual(
      (await deliveryStates(db)).at(-1),
      'reader@example.org 2026-03-03: skipped (too late: all digests were paused)',
    )
    const log = await db
      .selectFrom('admin_action')
      .select('kind')
      .where('kind', 'like', 'mail.%')
      .orderBy('id')
      .execute()
    assert.deepEqual(
      log.map(({ kind }) => kind),
      ['mail.pause', 'mail.resume', 'mail.pause', 'mail.resume'],
    )
  })
})
