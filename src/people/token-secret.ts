import { hash, randomBytes } from 'node:crypto'

/** Every token starts with this, so that scanners of leaked secrets can know it. */
const MARK = 'pr_'
/** Enough of a token to tell it from others, far too little to use it. */
const SHOWN_CHARACTERS = 9

/** Random enough (256 bits) that a plain hash hides it: there is nothing to guess. */
export function newSecret(mark = MARK): { secret: string; prefix: string; hash: string } {
  const secret = mark + randomBytes(32).toString('base64url')
  return { secret, prefix: secret.slice(0, SHOWN_CHARACTERS), hash: hashOf(secret) }
}

/** Looked up by this in the database: comparing hashes tells nobody how much of a guess was right. */
export const hashOf = (secret: string): string => hash('sha256', secret, 'base64url')

/** The token of an `Authorization: Bearer ...` header. */
export function bearerTokenIn(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S{1,200})$/i.exec(authorization ?? '')?.[1]
}
