// Many people who vote over HTTP as browsers do: with a session, the form token, and a connection that stays open.
import { Agent, request } from 'node:http'
import type { Db } from '../src/db/index.ts'
import { formTokenOf, signIn } from './sign-in.ts'

export type Voter = { id: string; cookie: string; token: string }

/** Confirmed people with a session each. */
export async function createVoters(db: Db, secret: string, count: number): Promise<Voter[]> {
  const created = '2026-01-02T12:00:00.000Z'
  const ids = Array.from({ length: count }, (_, n) => `voter-${n}`)
  for (const id of ids) {
    await db
      .insertInto('person')
      .values({
        id,
        name: `Voter ${id}`,
        email: `${id}@example.org`,
        email_verified: 1,
        created_at: created,
        updated_at: created,
        role: 'reader',
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  const voters: Voter[] = []
  for (const id of ids) {
    const cookie = await signIn(db, secret, id)
    voters.push({ id, cookie, token: (await formTokenOf(db, secret, cookie)) as string })
  }
  return voters
}

export type Sent = { status: number; ms: number }

/** Sends votes to one running site; `close` ends its connections. */
export function createBallot(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  /** Resolves with the answer; rejects when the site went away before it answered. */
  const send = (voter: Voter, publicId: string, wanted: 'paper' | 'withdraw' = 'paper', due = performance.now()) =>
    new Promise<Sent>((resolve, reject) => {
      const body = `${wanted}=${encodeURIComponent(publicId)}&csrf=${encodeURIComponent(voter.token)}`
      const post = request(
        `${url}/papers/upvote`,
        {
          agent,
          method: 'POST',
          headers: {
            cookie: voter.cookie,
            accept: 'application/json',
            'content-type': 'application/x-www-form-urlencoded',
            'content-length': Buffer.byteLength(body),
          },
        },
        (answer) => {
          answer.resume()
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, ms: performance.now() - due }))
          answer.on('error', reject)
        },
      )
      post.on('error', reject)
      post.end(body)
    })
  return { send, close: () => agent.destroy() }
}

/** Calls `work` so many times a second, without waiting for it, until it is told to stop. Returns how often. */
export async function atRate(
  perSecond: number,
  seconds: number,
  work: (n: number, due: number) => void,
  signal?: AbortSignal,
) {
  const start = performance.now()
  let sent = 0
  for (; sent < perSecond * seconds && !signal?.aborted; sent++) {
    const due = start + (sent * 1000) / perSecond
    const wait = due - performance.now()
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
    work(sent, due)
  }
  return sent
}
