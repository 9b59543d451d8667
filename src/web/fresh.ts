import { AppError } from '../errors.ts'
import { FRESH_HOURS } from '../people/index.ts'
import type { Request, Site } from './site.ts'

/** What could take an account away, or give somebody else a key to it, asks for a sign-in of today. */
export function checkFresh(request: Request, site: Site): void {
  const entry = request.get('entry')
  const earliest = site.clock().getTime() - FRESH_HOURS * 3_600_000
  if (entry?.by === 'session' && Date.parse(entry.signedInAt) > earliest) return
  throw new AppError(
    'not_signed_in',
    'For this, sign in once more: your last sign-in is more than a day ago, and this browser may be in other hands.',
  )
}
