import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { temporaryFolder } from '../../tests/databases.ts'
import { clockAt, digestTools, fillEdition, subscribed } from '../../tests/digests.ts'
import { type MailServer, type Manners, startMailServer, type Treatment } from '../../tests/mail-server.ts'
import { withPostgresDatabase } from '../../tests/postgres.ts'
import { type Db, migrate, openPostgres, openSqlite } from '../db/index.ts'
import { packageFile } from '../lib/assets.ts'
import { runDigests } from './index.ts'

// PAPERROUND_TEST_KILLS=100 for the long version: docs/performance.md says when it was last run.
const longRun = process.env.PAPERROUND_TEST_KILLS
const day = '2026-03-02'
const start = Date.parse('2026-03-02T07:00:00Z')

/** How many are claimed at once: more cannot be lost sight of when the program dies. */
const CLAIMED = 48

type Ground = { db: Db; url: string; folder: string }
/** The same on both; what takes a while, lighter on the second. */
const databases: { name: string; share: number; open: (t: TestContext) => Promise<Ground | undefined> }[] = [
  {
    name: 'SQLite',
    share: 1,
    open: (t) => {
      const folder = temporaryFolder(t)
      const url = join(folder, 'paperround.sqlite')
      return filled(t, openSqlite(url), { url, folder })
    },
  },
  {
    name: 'PostgreSQL',
    share: 0.5,
    open: async (t) => {
      const url = await withPostgresDatabase(t)
      return url ? filled(t, openPostgres(url), { url, folder: temporaryFolder(t) }) : undefined
    },
  },
]

async function filled(t: TestContext, db: Db, place: Omit<Ground, 'db'>): Promise<Ground> {
  t.after(() => db.destroy())
  await migrate(db)
  await fillEdition(db, day, 3)
  return { db, ...place }
}

/** Active subscriptions whose promised moment is the start. */
async function subscribeAll(db: Db, readers: readonly string[]): Promise<void> {
  for (const email of readers) await subscribed(db, email)
  await db
    .updateTable('subscription')
    .set({ next_at: new Date(start).toISOString() })
    .execute()
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

for (const { name, share, open } of databases)
  test(`the server refuses, stalls, drops and answers 421, 451, 550 at random, on ${name}: nobody gets two, nobody is left out`, async (t) => {
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
    const ground = await open(t)
    if (!ground) return
    const { db } = ground
    const server = await startMailServer(t, manners)
    const readers = Array.from({ length: 150 * share }, (_, n) => `${n % 15 === 0 ? 'gone' : 'reader'}${n}@example.org`)
    await subscribeAll(db, readers)
    const clock = clockAt(new Date(start).toISOString())
    const impatientSeconds = 0.6 // for the silent ones
    const tools = digestTools(t, db, server, clock, {}, impatientSeconds)
    for (let time = 0; time < 60; time++) {
      await runDigests(tools, { worker: 'test' })
      clock.now = new Date(clock.now.getTime() + 13 * 60_000)
    }
    const counts = await checkEveryReader(db, server, readers)
    assert.ok(
      (counts.sent ?? 0) > 100 * share && (counts.unknown ?? 0) > 0 && (counts.failed ?? 0) >= 10 * share,
      JSON.stringify(counts),
    )
    const suppressed = await db.selectFrom('suppression').select(['address', 'reason']).execute()
    assert.equal(suppressed.length, 10 * share, 'all that are gone, and nobody else')
    assert.ok(suppressed.every(({ address, reason }) => address?.startsWith('gone') && reason === 'hard'))
  })

/**
 * Lets the sender work until it is killed: when the database answered it so many times, or when so many messages have
 * arrived and the last one has not been acknowledged. Counted in what it does, so that every machine kills as often.
 */
type Life = { answers: number } | { messages: number } | undefined

for (const { name, share, open } of databases) {
  const kills = Number(longRun ?? 4 * share)
  test(`the sender killed with -9 at ${kills} random moments, on ${name}: everybody gets one mail or a reason`, {
    timeout: 1_800_000,
  }, async (t) => {
    const ground = await open(t)
    if (!ground) return
    const { db, url, folder } = ground
    const random = choices(7)
    let arrived = 0
    let killWhenArrived = Number.POSITIVE_INFINITY
    let child: ChildProcess | undefined
    const server = await startMailServer(
      t,
      {
        message: () => {
          arrived++
          if (arrived < killWhenArrived) return 'accept'
          child?.kill('SIGKILL')
          return { drop: 'taken' }
        },
      },
      { closeTimeout: 5 },
    )
    const readers = Array.from({ length: 40 * kills }, (_, n) => `reader${n}@example.org`)
    await subscribeAll(db, readers)
    let now = start
    let killed = 0
    const run = async (life: Life) => {
      killWhenArrived = life && 'messages' in life ? arrived + life.messages : Number.POSITIVE_INFINITY
      const sender = [packageFile('scripts/tsx-hook.mjs'), packageFile('tests/digest-sender.ts')]
      const args = [url, String(server.port), new Date(now).toISOString(), folder]
      if (life && 'answers' in life) args.push(String(life.answers))
      child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', ...sender, ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
      if (signal === 'SIGKILL') killed++
      // Claims that a killed one left are taken over when their lease is up.
      now += 6 * 60_000
    }
    for (let time = 0; time < kills; time++) {
      const isOdd = time % 2 === 1
      await run(isOdd ? { messages: 1 + Math.floor(random() * 30) } : { answers: 1 + Math.floor(random() * 90) })
    }
    assert.equal(killed, kills, 'every life ended by force')
    now += 10 * 60_000
    await run(undefined)
    const counts = await checkEveryReader(db, server, readers)
    assert.ok((counts.sent ?? 0) > 0 && (counts.unknown ?? 0) <= CLAIMED * kills, JSON.stringify(counts))
    t.diagnostic(JSON.stringify(counts))
  })
}
