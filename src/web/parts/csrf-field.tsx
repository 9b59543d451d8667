import type { Request, Site } from '../site.ts'

/** Belongs into every form that somebody signed in may send. For nobody signed in there is nothing to prove: empty. */
export function CsrfField({ request, site }: { request: Request; site: Site }) {
  const entry = request.get('entry')
  if (entry?.by !== 'session') return null
  return <input type="hidden" name="csrf" value={site.accounts.formToken(entry.sessionId)} />
}
