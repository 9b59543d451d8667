import { z } from 'zod'
import { AppError } from '../errors.ts'
import { isPlaceholder } from './placeholder-address.ts'

const address = z.email().max(254)

/** The address as it is stored and compared. Throws `bad_email`. */
export function readAddress(text: string): string {
  const parsed = address.safeParse(text.trim().toLowerCase())
  if (parsed.success && !isPlaceholder(parsed.data)) return parsed.data
  throw new AppError(
    'bad_email',
    `"${text.slice(0, 80)}" is not an e-mail address that can be written to. Expected something like you@example.org.`,
  )
}
