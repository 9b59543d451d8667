import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Db } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { insertSubscription } from './queries.ts'

const address = z.email().max(254)

/**
 * Keeps an address that asked for the digest, unconfirmed. Says nothing about whether it was known already: that is
 * nobody else's business. Throws `bad_email`.
 */
export async function subscribe(db: Db, email: string, now: Date): Promise<void> {
  const parsed = address.safeParse(email.trim().toLowerCase())
  if (!parsed.success)
    throw new AppError(
      'bad_email',
      `"${email.slice(0, 80)}" is not an e-mail address. Expected something like you@example.org.`,
    )
  await insertSubscription(db, {
    id: randomUUID(),
    email: parsed.data,
    state: 'unconfirmed',
    created_at: now.toISOString(),
  })
}
