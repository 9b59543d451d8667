import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../errors.ts'

const schema = z.email().max(254)

/** The form in which an address is kept and compared. Throws `bad_email`. */
export function normalAddress(text: string): string {
  const parsed = schema.safeParse(text.trim().toLowerCase())
  if (parsed.success) return parsed.data
  throw new AppError(
    'bad_email',
    `"${text.slice(0, 80)}" is not an e-mail address. Expected something like you@example.org.`,
  )
}

/** Finds an address again without keeping it. */
export const addressHash = (normalized: string): string => createHash('sha256').update(normalized).digest('hex')

/** Small letters and digits only: it stands in addresses, whose case gets lost on the way. 130 bits. */
export function randomToken(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
  return Array.from(randomBytes(26), (byte) => alphabet[byte & 31]).join('')
}

export const isToken = (text: string): boolean => /^[a-z0-9]{16,64}$/.test(text)
