import { type Challenge, createChallenge, type Payload, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { WORK_MINUTES } from './auth-limits.ts'

/**
 * Work before a sign-in link is sent: the browser looks for a number whose derived key begins with a zero byte. On
 * average 256 tries of 4,000 rounds: about half a second on a laptop of 2024, some seconds on an old phone, and one try
 * for us to check. Doubling the rounds doubles both.
 */
const ROUNDS = 4_000
const PREFIX = '00'

export type Work = {
  /** What the browser shall work on, as JSON for an attribute. Signed, so that nothing need be remembered of it. */
  challenge(now: Date): Promise<string>
  /** The name of the challenge when it was solved, so that each counts once; undefined when it was not. */
  solved(payload: string): Promise<string | undefined>
}

export function createWork(key: string): Work {
  return {
    async challenge(now) {
      const challenge = await createChallenge({
        algorithm: 'PBKDF2/SHA-256',
        cost: ROUNDS,
        keyPrefix: PREFIX,
        deriveKey,
        expiresAt: new Date(now.getTime() + WORK_MINUTES * 60_000),
        hmacSignatureSecret: key,
      })
      return JSON.stringify(challenge)
    },
    async solved(payload) {
      const given = readPayload(payload)
      // The cost is signed too, but a forged one must not make us work before the signature is looked at.
      if (!given || given.challenge.parameters.cost !== ROUNDS) return undefined
      const { verified } = await verifySolution({ ...given, deriveKey, hmacSignatureSecret: key })
      return verified ? given.challenge.signature : undefined
    },
  }
}

function readPayload(text: string): (Payload & { challenge: Challenge }) | undefined {
  try {
    const payload = JSON.parse(text) as Payload
    const isWhole =
      typeof payload.challenge.parameters.nonce === 'string' && typeof payload.solution.counter === 'number'
    return isWhole ? payload : undefined
  } catch {
    return undefined // not written by our script
  }
}
