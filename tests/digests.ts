// What tests of digests share: papers in editions of several days, a clock that is set, a sender over a real server.
import type { TestContext } from 'node:test'
import type { Db } from '../src/db/index.ts'
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
): DigestTools {
  const smtp = { ...parseSmtpUrl(`smtp://127.0.0.1:${server.port}?tls=none&rate=0`), timeoutSeconds: 0.5 }
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
