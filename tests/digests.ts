// What tests of digests share: papers in editions of several days, a clock that is set, a sender over a real server.
import type { TestContext } from 'node:test'
import { bulkInsert, type Db } from '../src/db/index.ts'
import { type DigestTools, defaultSettings, type SubscriptionSettings } from '../src/digest/index.ts'
import { addSubscription } from '../src/digest/subscribe.ts'
import { insertSubscriber } from '../src/digest/subscription-queries.ts'
import { listPapers } from '../src/feed/index.ts'
import { createLog } from '../src/lib/log.ts'
import { createMailer, Pace, parseSmtpUrl } from '../src/lib/mail/index.ts'
import { type PaperId, upsertPapers } from '../src/papers/index.ts'
import { temporaryFolder } from './databases.ts'
import type { MailServer } from './mail-server.ts'
import { arxiv, record } from './papers.ts'

export type Clock = { now: Date; read: () => Date }

export function clockAt(instant: string): Clock {
  const clock = { now: new Date(instant), read: () => clock.now }
  return clock
}

/** Papers of the edition of a day, in order; their arXiv ids hold the day, so that no two days share one. */
export async function fillEdition(db: Db, day: string, count: number, now = new Date(`${day}T01:00:00Z`)) {
  const month = day.slice(2, 7).replace('-', '')
  const outcomes = await upsertPapers(
    db,
    Array.from({ length: count }, (_, n) =>
      record({
        identifiers: [arxiv(`${month}.${day.slice(8)}${String(n).padStart(3, '0')}`)],
        title: `Paper ${n + 1} of ${day} about $\\ell_${n % 10}$ & <norms>`,
        abstract: `We study the number ${n + 1}. It holds that $x < y$ on all of ${day}, which surprised us & you.`,
        authors: [{ name: 'Ada Byron' }, { name: `Author ${n + 1}` }],
        categories: [n % 2 === 0 ? 'cs.CL' : 'cs.LG'],
        announcedOn: day,
      }),
    ),
    now,
  )
  const ids = outcomes.map(({ paperId }) => paperId)
  await listPapers(
    db,
    ids.map((paperId) => ({ paperId, day })),
    'import',
    now,
  )
  return ids as PaperId[]
}

/** An address that confirmed, with one active subscription. Returns its ids. */
export async function subscribed(
  db: Db,
  email: string,
  settings: Partial<SubscriptionSettings> = {},
  since = new Date('2026-02-01T00:00:00Z'),
) {
  const subscriber = await insertSubscriber(db, {
    id: `s-${email}`,
    email,
    token: `token${email.replace(/[^a-z0-9]/g, '')}aaaaaaaaaaaa`,
    confirmed_at: since.toISOString(),
    created_at: since.toISOString(),
  })
  const all = { ...defaultSettings('UTC'), ...settings }
  const subscriptionId = await addSubscription(db, subscriber.id, all, 'active', since)
  return { subscriberId: subscriber.id, preferencesToken: subscriber.token, subscriptionId }
}

export function digestTools(
  t: Pick<TestContext, 'after'>,
  db: Db,
  server: Pick<MailServer, 'port'>,
  clock: Clock,
  more: Partial<DigestTools> = {},
  timeoutSeconds = 20,
): DigestTools {
  const smtp = { ...parseSmtpUrl(`smtp://127.0.0.1:${server.port}?tls=none&rate=0`), timeoutSeconds }
  const mailer = createMailer({ smtp, from: 'Papers <papers@example.org>', pace: new Pace(1) })
  t.after(() => mailer[Symbol.dispose]())
  return {
    db,
    clock: clock.read,
    log: createLog('silent'),
    mailer,
    site: {
      name: 'Lab Papers',
      baseUrl: 'https://papers.example.org',
      digestFrom: 'Lab Papers <digest@example.org>',
      bounceAddress: 'bounce@example.org',
      contact: 'admin@example.org',
      timeZone: 'UTC',
    },
    isDayComplete: async () => true,
    dataFolder: temporaryFolder(t as TestContext),
    ...more,
  }
}

/** Every delivery there is, as `address: state (reason)`, sorted. */
export async function deliveryStates(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('delivery')
    .innerJoin('subscription', 'subscription.id', 'delivery.subscription_id')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select(['subscriber.email', 'delivery.period_key', 'delivery.state', 'delivery.reason'])
    .execute()
  return rows.map((row) => `${row.email} ${row.period_key}: ${row.state}${row.reason ? ` (${row.reason})` : ''}`).sort()
}

const mixedWants: SubscriptionSettings['want'][] = [
  ...Array.from({ length: 7 }, () => ({ kind: 'edition' }) as const),
  { kind: 'trending' },
  { kind: 'categories', categories: ['cs.CL'] },
  { kind: 'authors', authors: ['Ada Byron', 'Author 5'] },
]

/** Many readers at once, of all kinds of wishes, whose promised moment is `now`. */
export async function subscribeMany(db: Db, count: number, now: Date): Promise<void> {
  const at = now.toISOString()
  await db.transaction().execute(async (tx) => {
    for (let start = 0; start < count; start += 1000) {
      const numbers = Array.from({ length: Math.min(1000, count - start) }, (_, n) => start + n)
      await bulkInsert(
        tx,
        'subscriber',
        ['id', 'email', 'token', 'confirmed_at', 'created_at'],
        numbers.map((n) => ({
          id: `s${n}`,
          email: `reader${n}@example.org`,
          token: `t${n}`,
          confirmed_at: at,
          created_at: at,
        })),
      )
      const columns = ['id', 'subscriber_id', 'state', 'rhythm', 'weekdays', 'hour', 'zone', 'length', 'token'] as const
      await bulkInsert(
        tx,
        'subscription',
        [...columns, 'want', 'next_at', 'confirmed_at', 'created_at'],
        numbers.map((n) => ({
          ...{ id: `x${n}`, subscriber_id: `s${n}`, state: 'active', rhythm: 'daily', weekdays: '12345' },
          ...{ hour: 7, zone: 'UTC', length: 20, token: `u${n}`, next_at: at, confirmed_at: at, created_at: at },
          want: JSON.stringify(mixedWants[n % mixedWants.length]),
        })),
      )
    }
  })
}
