import type { Request } from './site.ts'

/** A path of ours to go back to, from whatever a request says; anything else is `/`. Never another site. */
export function backPath(wanted: string | undefined): `/${string}` {
  if (!wanted || wanted.length > MAX_BACK_CHARACTERS) return '/'
  // Read as a browser would read it in a Location header: `//host`, `/\host` and hidden tabs leave this origin here.
  const url = URL.canParse(wanted, PLACEHOLDER) ? new URL(wanted, PLACEHOLDER) : undefined
  if (!wanted.startsWith('/') || url?.origin !== PLACEHOLDER) return '/'
  return `/${url.pathname.replace(/^\/+/, '')}${url.search}${url.hash}`
}

/** The page of ours that the form was on. */
export function refererPath(request: Request): `/${string}` {
  const referer = request.req.header('referer')
  if (!referer || !URL.canParse(referer)) return '/'
  const { pathname, search } = new URL(referer)
  return backPath(`/${pathname.replace(/^[/\\]+/, '')}${search}`)
}

/** The page of a request itself, as something to go back to. */
export function ownPath(request: Request): `/${string}` {
  return backPath(request.req.path + new URL(request.req.url).search)
}

const PLACEHOLDER = 'https://back.invalid'
const MAX_BACK_CHARACTERS = 1_000
