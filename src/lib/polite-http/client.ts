import { randomUUID } from 'node:crypto'
import { setTimeout as realSleep } from 'node:timers/promises'
import { type Db, giveTurnBack, saveValidators, validatorsOf } from '../../db/index.ts'
import type { PoliteAnswer, PoliteRequest } from './answer.ts'
import { judge, type Outcome, outcomeOfClosed, refused } from './judge.ts'
import { send } from './send.ts'
import { whyClosed } from './source-record.ts'
import { renewing, waitForTurn } from './turn.ts'

const INTERVAL_MS = 3_000
const TIMEOUT_MS = 30_000
const MAX_BYTES = 32 * 1024 * 1024
const TRIES = 3
const PATIENCE_MS = 10 * 60_000
const MAX_REDIRECTS = 4

export type PoliteClientOptions = {
  db: Db
  /** Honest: the name of the program and how to reach who runs it. */
  userAgent: string
  clock: () => Date
  /** Returns early when the signal fires. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>
  /** Numbers in [0, 1), for jitter. */
  random?: () => number
  /** Told of every failure, and when a source refuses us. */
  onProblem?: (problem: { source: string; url: string; message: string; isBlocked: boolean }) => void
}

export type PoliteClient = AsyncDisposable & {
  /** Asks for an address when it is polite to do so. Never throws for what a server or the network does. */
  get(url: string, request: PoliteRequest): Promise<PoliteAnswer>
  /** To be called once the content of an answer is stored: from then on `unchanged` means that we have it. */
  rememberValidators(answer: PoliteAnswer): Promise<void>
}

/**
 * The client for everything the program asks of others: one request at a time in each lane, over all processes that share
 * the database. Pauses, back-off and blocks outlive the process.
 */
export function createPoliteClient(options: PoliteClientOptions): PoliteClient {
  const { db, clock, random = Math.random, sleep = defaultSleep } = options
  const stopping = new AbortController()
  const signalFor = (request: PoliteRequest) =>
    request.signal ? AbortSignal.any([stopping.signal, request.signal]) : stopping.signal
  const lines = new Map<string, Promise<void>>()

  /** Within this process requests of a lane stand in line, so that only the first one asks the database. */
  function inLine<T>(lane: string, work: () => Promise<T>): Promise<T> {
    const mine = (lines.get(lane) ?? Promise.resolve()).then(work)
    const settled = mine.then(
      () => {},
      () => {},
    )
    lines.set(lane, settled)
    return mine
  }

  async function get(url: string, request: PoliteRequest): Promise<PoliteAnswer> {
    const deadline = new Date(clock().getTime() + (request.patienceMs ?? PATIENCE_MS))
    const signal = signalFor(request)
    const headers = { ...request.headers, ...(request.conditional ? conditions(await validatorsOf(db, url)) : {}) }
    let target = url
    let redirects = 0
    for (let attempt = 1; ; ) {
      const outcome = await attemptOnce(target, { ...request, signal }, headers, deadline)
      if (outcome.kind === 'redirect') {
        redirects += 1
        if (redirects > MAX_REDIRECTS || !/^https?:/.test(outcome.to))
          return refused(outcome.status, 'it redirects without end, or to no web address')
        target = outcome.to
      } else if (outcome.kind === 'ok') {
        const { headers: received, ...answer } = outcome
        return { ...answer, ...validatorsIn(received, url) }
      } else if (outcome.kind === 'later') {
        const { isBroken, ...answer } = outcome
        attempt += 1
        if (isBroken || attempt > (request.tries ?? TRIES) || answer.until > deadline || signal.aborted) return answer
        await sleep(Math.max(0, answer.until.getTime() - clock().getTime()), signal)
      } else return outcome
    }
  }

  /** Waits for the turn, asks once, and tells the database what the answer means for everybody. */
  function attemptOnce(
    url: string,
    request: PoliteRequest & { signal: AbortSignal },
    headers: Record<string, string>,
    deadline: Date,
  ) {
    const { source, intervalMs = INTERVAL_MS, pageIntervalMs, maxBytes = MAX_BYTES, signal } = request
    const lane = request.lane ?? new URL(url).host
    return inLine(lane, async (): Promise<Outcome> => {
      const closed = await whyClosed(db, source, clock())
      if (closed) return outcomeOfClosed(closed)
      const holder = randomUUID()
      const wanted = { lane, holder, intervalMs, pageIntervalMs, deadline }
      const tooLate = await waitForTurn({ db, clock, sleep, signal }, wanted)
      if (tooLate) return { kind: 'later', ...tooLate, isBroken: true }
      await using _turn = renewing(db, lane, holder, clock)
      const sent = await send({
        url,
        headers: { 'user-agent': options.userAgent, ...headers },
        timeoutMs: request.timeoutMs ?? TIMEOUT_MS,
        maxBytes,
        signal,
      })
      const at = clock()
      const after = (ms: number) => new Date(at.getTime() + ms)
      const isOurs = sent.kind === 'failed' && signal.aborted
      const outcome: Outcome = isOurs
        ? { kind: 'later', until: at, message: sent.message, isBroken: true }
        : await judge(db, sent, { url, source, maxBytes, at, random })
      await giveTurnBack(db, lane, holder, {
        freeAt: after(intervalMs),
        pagesFreeAt: pageIntervalMs === undefined ? undefined : after(pageIntervalMs),
        // 429 is about all our requests together; anything else is about the one source.
        cooldownUntil: outcome.kind === 'later' && outcome.status === 429 ? outcome.until : undefined,
      })
      if (!isOurs && (outcome.kind === 'later' || outcome.kind === 'blocked'))
        options.onProblem?.({ source, url, message: outcome.message, isBlocked: outcome.kind === 'blocked' })
      return outcome
    })
  }

  return {
    get,
    async rememberValidators(answer) {
      if (answer.kind !== 'ok' || !answer.validators) return
      const { url, ...validators } = answer.validators
      await saveValidators(db, url, validators, answer.at)
    },
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await Promise.all(lines.values())
    },
  }
}

function conditions({ etag, lastModified }: { etag?: string; lastModified?: string }): Record<string, string> {
  return {
    ...(etag ? { 'if-none-match': etag } : {}),
    ...(lastModified ? { 'if-modified-since': lastModified } : {}),
  }
}

function validatorsIn(headers: Headers, url: string): Pick<Extract<PoliteAnswer, { kind: 'ok' }>, 'validators'> {
  const etag = headers.get('etag')
  const lastModified = headers.get('last-modified')
  if (!etag && !lastModified) return {}
  return { validators: { url, ...(etag ? { etag } : {}), ...(lastModified ? { lastModified } : {}) } }
}

async function defaultSleep(ms: number, signal: AbortSignal): Promise<void> {
  await realSleep(ms, undefined, { signal }).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error
  })
}
