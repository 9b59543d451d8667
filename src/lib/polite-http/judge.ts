import type { Db } from '../../db/index.ts'
import type { PoliteAnswer } from './answer.ts'
import { retryAfterMs } from './retry-after.ts'
import type { Sent } from './send.ts'
import { type Closed, recordBlock, recordFailure, recordSuccess } from './source-record.ts'

/** What came of one attempt. `isBroken`: waiting for it is no use. */
export type Outcome =
  | (Extract<PoliteAnswer, { kind: 'ok' }> & { headers: Headers })
  | Exclude<PoliteAnswer, { kind: 'ok' | 'later' }>
  | (Extract<PoliteAnswer, { kind: 'later' }> & { isBroken: boolean })
  | { kind: 'redirect'; to: string; status: number }

export type Asked = { url: string; source: string; maxBytes: number; at: Date; random: () => number }

/** Takes an answer by the meaning of its status, and remembers what it says about the source. */
export async function judge(db: Db, sent: Sent, { url, source, maxBytes, at, random }: Asked): Promise<Outcome> {
  if (sent.kind === 'failed') return laterUntil(await recordFailure(db, source, at, { message: sent.message, random }))
  const { status, headers } = sent
  if (status === 401 || status === 403 || status === 451)
    return outcomeOfClosed(await recordBlock(db, source, at, status))
  if (status === 429 || status === 408 || status >= 500) {
    const message = `it answered ${status}${status === 429 ? ' (too many requests)' : ''}`
    const askedMs = retryAfterMs(headers.get('retry-after'), at)
    return laterUntil(await recordFailure(db, source, at, { message, status, askedMs, random }))
  }
  await recordSuccess(db, source, at, status)
  if (sent.kind === 'too-large')
    return refused(status, `the answer has more than ${maxBytes.toLocaleString('en')} bytes`)
  if (status === 304) return { kind: 'unchanged', at }
  const location = headers.get('location')
  if (status >= 300 && status < 400 && location && URL.canParse(location, url))
    return { kind: 'redirect', to: new URL(location, url).href, status }
  const { body } = sent
  if (status < 200 || status >= 300) return { ...refused(status, `it answered ${status}`), body }
  return { kind: 'ok', status, body, headers, contentType: headers.get('content-type') ?? '', url, at }
}

export function outcomeOfClosed(closed: Closed): Outcome {
  const { until, message, status = 403, isBlocked } = closed
  return isBlocked ? { kind: 'blocked', status, message, until } : laterUntil(closed)
}

export function refused(status: number, message: string): Extract<PoliteAnswer, { kind: 'refused' }> {
  return { kind: 'refused', status, message, body: Buffer.alloc(0) }
}

function laterUntil({ until, message, status, isBroken }: Closed): Outcome {
  return { kind: 'later', until, message, isBroken, ...(status === undefined ? {} : { status }) }
}
