import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { temporaryFolder } from '../../tests/databases.ts'
import { clockAt, digestTools, fillEdition, subscribed } from '../../tests/digests.ts'
import { type MailServer, type Manners, startMailServer, type Treatment } from '../../tests/mail-server.ts'
import { type Db, migrate, openSqlite } from '../db/index.ts'
import { packageFile } from '../lib/assets.ts'
import { runDigests } from './index.ts'

// PAPERROUND_TEST_KILLS=100 for the long version: docs/performance.md says when it was last run.
const kills = Number(process.env.PAPERROUND_TEST_KILLS ?? 3)
const day = '2026-03-02'
const start = Date.parse('2026-03-02T07:00:00Z')

async function database(t: TestContext): Promise<{ db: Db; file: string; folder: string }> {
  const folder = temporaryFolder(t)
  const file = join(folder, 'paperround.sqlite')
  const db = openSqlite(file)
  t.after(() => db.destroy())
  await migrate(db)
  await fillEdition(db, day, 3)
  return { db, file, folder }
}

/** Each reader got no mail or one; none only where a row says why; and what a row calls sent has arrived. */
async function checkEveryReader(db: Db, server: MailServer, readers: string[]): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('delivery')
    .innerJoin('subscription', 'subscription.id', 'delivery.subscription_id')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select(['subscriber.email', 'delivery.state', 'delivery.reason'])
    .execute()
  const byEmail = new Map(rows.map((row) => [row.email, row]))
  const counts: Record<string, number> = {}
  for (const email of readers) {
    const arrived = server.delivered.filter(({ to }) => to === email).length
    const row = byEmail.get(email)
    assert.ok(arrived <= 1, `${email} got ${arrived}`)
    assert.ok(row, `${email} has no row`)
    counts[row.state] = (counts[row.state] ?? 0) + 1
    if (row.state === 'sent') assert.equal(arrived, 1, `${email} is called sent`)
    else assert.ok(row.reason, `${email}: ${row.state} without a reason`)
    if (row.state === 'failed' || row.state === 'skipped') assert.equal(arrived, 0, `${email}: ${row.state}`)
    assert.ok(['sent', 'unknown', 'failed', 'skipped'].includes(row.state), `${email} is left as ${row.state}`)
  }
  return counts
}

/** A named sequence of choices, the same at every run. */
function choices(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

test('the server refuses, stalls, drops and answers 421, 451, 550 at random: nobody gets two, nobody is left out', async (t) => {
  const random = choices(41)
  const of = (...share: [number, Treatment | { drop: 'taken' }][]) => {
    let rest = random()
    for (const [part, treatment] of share) {
      rest -= part
      if (rest < 0) return treatment
    }
    return 'accept' as const
  }
  const manners: Manners = {
    connect: () => of([0.05, { code: 421, text: '4.3.2 busy' }], [0.05, 'drop']) as Treatment,
    recipient: (to) =>
      to.startsWith('gone')
        ? { code: 550, text: '5.1.1 no such user' }
        : (of(
            [0.1, { code: 451, text: '4.7.1 later' }],
            [0.03, { code: 421, text: 'closing' }],
            [0.04, 'drop'],
          ) as Treatment),
    message: () =>
      of(
        [0.05, 'drop'],
        [0.05, { drop: 'taken' }],
        [0.06, { code: 451, text: '4.3.0 later' }],
        [0.02, 'stall'],
        [0.03, { code: 554, text: '5.7.1 policy' }],
      ),
  }
  const { db } = await database(t)
  const server = await startMailServer(t, manners)
  const readers = Array.from({ length: 150 }, (_, n) => `${n % 15 === 0 ? 'gone' : 'reader'}${n}@example.org`)
  for (const email of readers) await subscribed(db, email)
  await db
    .updateTable('subscription')
    .set({ next_at: new Date(start).toISOString() })
    .execute()
  const clock = clockAt(new Date(start).toISOString())
  const impatientSeconds = 0.6 // for the silent ones
  const tools = digestTools(t, db, server, clock, {}, impatientSeconds)
  for (let time = 0; time < 60; time++) {
    await runDigests(tools, { worker: 'test' })
    clock.now = new Date(clock.now.getTime() + 13 * 60_000)
  }
  const counts = await checkEveryReader(db, server, readers)
  assert.ok((counts.sent ?? 0) > 100 && (counts.unknown ?? 0) > 3 && (counts.failed ?? 0) >= 10, JSON.stringify(counts))
  const suppressed = await db.selectFrom('suppression').select(['address', 'reason']).execute()
  assert.equal(suppressed.length, 10, 'all that are gone, and nobody else')
  assert.ok(suppressed.every(({ address, reason }) => address?.startsWith('gone') && reason === 'hard'))
})

test(`the sender killed with -9 at ${kills} random moments: everybody gets one mail or a reason`, {
  timeout: 900_000,
}, async (t) => {
  const random = choices(7)
  const { db, file, folder } = await database(t)
  const server = await startMailServer(t, {}, { closeTimeout: 5 })
  const readers = Array.from({ length: 40 * kills }, (_, n) => `reader${n}@example.org`)
  for (const email of readers) await subscribed(db, email)
  await db
    .updateTable('subscription')
    .set({ next_at: new Date(start).toISOString() })
    .execute()
  let now = start
  const run = async (killAfterMs: number | undefined) => {
    const args = [file, String(server.port), new Date(now).toISOString(), folder]
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--import',
        packageFile('scripts/tsx-hook.mjs'),
        packageFile('tests/digest-sender.ts'),
        ...args,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const ended = once(child, 'exit')
    await once(child.stdout, 'data')
    if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    await ended
    // Claims that a killed one left are taken over when their lease is up.
    now += 6 * 60_000
  }
  for (let time = 0; time < kills; time++) await run(random() * 350)
  now += 10 * 60_000
  for (let time = 0; time < 2; time++) await run(undefined)
  const counts = await checkEveryReader(db, server, readers)
  assert.ok((counts.sent ?? 0) > readers.length * 0.5, JSON.stringify(counts))
  t.diagnostic(JSON.stringify(counts))
})
