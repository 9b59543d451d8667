import type { Next } from 'hono'
import { AppError } from '../errors.ts'
import { type Role, reaches } from '../people/index.ts'
import { absoluteUrl } from './absolute-url.ts'
import { readForm } from './read-form.ts'
import type { Request, Site } from './site.ts'

/** Who may use a route: the column of the route table. */
export type Who = 'anyone' | 'signed-in' | 'editor' | 'admin'

const roleFor: Record<Exclude<Who, 'anyone'>, Role> = { 'signed-in': 'reader', editor: 'editor', admin: 'admin' }
const inWords: Record<Role, string> = { reader: 'people with an account', editor: 'editors', admin: 'administrators' }

/** Puts the viewer into the request. Without a cookie or a token of ours nothing is looked up. */
export async function findViewer(request: Request, site: Site, next: Next): Promise<void> {
  const cookie = request.req.header('cookie')
  const authorization = request.req.header('authorization')
  if (authorization || cookie?.includes('paperround-session')) {
    const isSecure = absoluteUrl(site, request, '/').startsWith('https:')
    const entry = await site.accounts.entry({ cookie, authorization, isSecure }, site.clock())
    if (entry === 'refused') {
      throw new AppError(
        'not_signed_in',
        'This token is unknown, has expired or was revoked. Make a new one on /account.',
      )
    }
    request.set('entry', entry)
    request.set('viewer', entry?.viewer)
  }
  await next()
}

/** What a route needs to know to let somebody pass; the route table has it. */
type Gate = { method: 'get' | 'post'; who: Who; sessionOnly: boolean }

/** Throws `not_signed_in` or `not_allowed`, each with what would help. */
export function checkWho(request: Request, { method, who, sessionOnly }: Gate): void {
  const entry = request.get('entry')
  if (entry?.by === 'token') checkScopes(entry.viewer.scopes, method, who, sessionOnly)
  if (who === 'anyone') return
  if (!entry)
    throw new AppError('not_signed_in', 'This needs an account here. Sign in, and you come back to where you were.')
  const wanted = roleFor[who]
  if (reaches(entry.viewer.role, wanted)) return
  throw new AppError(
    'not_allowed',
    `This is for ${inWords[wanted]}. You are signed in as ${entry.viewer.name}, with the role "${entry.viewer.role}". An administrator can change roles.`,
  )
}

function checkScopes(scopes: readonly string[], method: 'get' | 'post', who: Who, sessionOnly: boolean): void {
  if (sessionOnly) throw new AppError('not_allowed', 'This is done in a browser, signed in; a token cannot do it.')
  const needed = who === 'admin' ? 'admin' : method === 'get' ? 'read' : 'write'
  if (scopes.includes(needed)) return
  throw new AppError(
    'not_allowed',
    `This token may not do that: it needs the scope "${needed}" and has: ${scopes.join(', ')}.`,
  )
}

/**
 * A form that acts for somebody must carry the token of their session (`CsrfField`). Forms for anyone act for nobody, and
 * programs with a token of their own have no cookie that another site could use.
 */
export async function checkFormToken(request: Request, site: Site, { method, who }: Gate): Promise<void> {
  const entry = request.get('entry')
  if (method === 'get' || who === 'anyone' || entry?.by !== 'session') return
  const given = request.req.header('x-csrf-token') ?? (await readForm(request)).csrf
  if (site.accounts.isFormToken(entry.sessionId, given)) return
  throw new AppError(
    'bad_form_token',
    'This form is from before you signed in, or from another page than ours. Open the page again and send it from there.',
  )
}
