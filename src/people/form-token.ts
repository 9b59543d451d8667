import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * What a form of a signed-in page carries so that only our own pages can send it: bound to the session, so it ends
 * with it and is worth nothing in another one.
 */
export function formToken(key: string, sessionId: string): string {
  return createHmac('sha256', key).update(sessionId).digest('base64url')
}

export function isFormToken(key: string, sessionId: string, given: unknown): boolean {
  if (typeof given !== 'string') return false
  const [a, b] = [Buffer.from(given), Buffer.from(formToken(key, sessionId))]
  return a.length === b.length && timingSafeEqual(a, b)
}
