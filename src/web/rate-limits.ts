import { hash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterPostgres } from 'rate-limiter-flexible'
import { AppError } from '../errors.ts'
import { groupsOfIPv6, WORK_MINUTES } from '../people/index.ts'
import { isLoopback } from './client-address.ts'
import type { Request } from './site.ts'

type Limit = { points: number; seconds: number }
/**
 * Whom a rate counts: everybody by network address; people signed in by account, and their network more widely. What is
 * `shared` is counted for all programs of a PostgreSQL instance together. Reading never is: it must not write to the
 * database, and a page is worth less than the counting; nor votes, which have three milliseconds in all.
 */
type RateLimits = {
  network: Limit
  person?: Limit
  networkOfPeople?: Limit
  isShared?: boolean
  isForLocalhostToo?: boolean
}

/** Named rates: how many requests in how many seconds. A lab shares one address; a person does not share an account. */
export const rates = {
  pages: { network: { points: 1_200, seconds: 300 } },
  search: { network: { points: 300, seconds: 300 } },
  suggestions: { network: { points: 1_500, seconds: 300 } },
  pictures: { network: { points: 6_000, seconds: 300 } },
  writes: {
    network: { points: 30, seconds: 600 },
    person: { points: 300, seconds: 600 },
    networkOfPeople: { points: 3_000, seconds: 600 },
    isShared: true,
    isForLocalhostToo: true,
  },
  /** Each may ask arXiv, which answers one request in three seconds for all of us together. */
  lookUps: {
    network: { points: 60, seconds: 600 },
    person: { points: 60, seconds: 600 },
    networkOfPeople: { points: 200, seconds: 600 },
    isShared: true,
  },
  votes: {
    network: { points: 6_000, seconds: 300 },
    person: { points: 600, seconds: 300 },
    networkOfPeople: { points: 6_000, seconds: 300 },
  },
  signIn: { network: { points: 60, seconds: 600 }, isShared: true, isForLocalhostToo: true },
  /** What a browser brings back from another site: asks that site, so it is dear, and comes by GET, so it writes nothing. */
  callbacks: { network: { points: 60, seconds: 600 }, isForLocalhostToo: true },
} as const satisfies Record<string, RateLimits>
/** `open` is never refused: a mailbox provider that is told 429 counts us among those who do not let people go. */
export type Rate = keyof typeof rates | 'open'

/** Rates of things other than requests, by a key that the page names. */
export const subjectRates = {
  /** Sign-in links to one address: nobody's mailbox is to be filled from here. */
  linksToAddress: { points: 4, seconds: 900 },
  /** Links asked for without the work of `PAPERROUND_CAPTCHA`, by network: people without script still get in. */
  linksWithoutWork: { points: 2, seconds: 3_600 },
  /** Each piece of work opens one door. */
  workDone: { points: 1, seconds: WORK_MINUTES * 60 },
} as const satisfies Record<string, Limit>
export type SubjectRate = keyof typeof subjectRates
export type LimitSubject = (rate: SubjectRate, key: string) => Promise<boolean>

/** Where PostgreSQL counts for all programs at once; undefined where one program counts for itself. */
export type RateStore = {
  query(query: { name?: string; text: string; values?: unknown[] }): Promise<{ rows: unknown[] }>
}

export function createRateLimits(store?: RateStore) {
  const limiters = new Map<string, RateLimiterAbstract>()
  const limiterFor = (name: string, { points, seconds }: Limit, isShared: boolean) => {
    let limiter = limiters.get(name)
    if (!limiter) {
      const options = { points, duration: seconds, keyPrefix: name }
      limiter = store && isShared ? inDatabase(store, options) : new RateLimiterMemory(options)
      limiters.set(name, limiter)
    }
    return limiter
  }

  /** Throws `too_many_requests`. */
  const limitRequest = async (request: Request, rate: Rate): Promise<void> => {
    if (rate === 'open') return
    const address = request.get('address') ?? 'unknown'
    const { network, person, networkOfPeople, isShared = false, isForLocalhostToo }: RateLimits = rates[rate]
    const personId = person && request.get('viewer')?.personId
    if (personId) await count(request, limiterFor(`${rate}-person`, person, isShared), personId, 'with your account')
    // The machine itself is not limited when it reads: that is the administrator, a monitor, or a proxy not set up yet.
    if (isLoopback(address) && !isForLocalhostToo) return
    const limiter =
      personId && networkOfPeople
        ? limiterFor(`${rate}-people`, networkOfPeople, isShared)
        : limiterFor(rate, network, isShared)
    await count(request, limiter, countedAddress(address), 'from your network')
  }

  /** Counts one more; false when that is one too many. */
  const limitSubject: LimitSubject = async (rate, key) =>
    (await waitOf(limiterFor(rate, subjectRates[rate], true), hash('sha256', key, 'base64url'))) === 0

  return { limitRequest, limitSubject }
}

function inDatabase(store: RateStore, options: { points: number; duration: number; keyPrefix: string }) {
  return new RateLimiterPostgres({
    ...options,
    storeClient: store,
    storeType: 'client',
    tableName: 'rate_limit',
    tableCreated: true,
    insuranceLimiter: new RateLimiterMemory(options),
  })
}

async function count(request: Request, limiter: RateLimiterAbstract, key: string, where: string): Promise<void> {
  const seconds = await waitOf(limiter, key)
  if (seconds === 0) return
  request.set('retryAfter', seconds)
  throw new AppError('too_many_requests', `Too many requests ${where}. Try again in ${inWords(seconds)}.`)
}

/** Seconds to wait; 0 when there is room. */
async function waitOf(limiter: RateLimiterAbstract, key: string): Promise<number> {
  try {
    await limiter.consume(key)
    return 0
  } catch (refusal) {
    if (refusal instanceof Error) throw refusal
    return Math.ceil((refusal as { msBeforeNext: number }).msBeforeNext / 1000)
  }
}

const inWords = (seconds: number): string =>
  seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`

/** A household has one IPv4 address, or a /64 of IPv6 with more addresses in it than anybody can count. */
function countedAddress(address: string): string {
  return isIPv6(address) && !address.includes('.') ? groupsOfIPv6(address).slice(0, 4).join(':') : address
}
