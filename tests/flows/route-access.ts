// Who may use which route, written down beside the program's own table and compared with what the site really answers.
// A new route needs a line here: who may, and for a route about somebody's things, a form that reaches for another's.

/** `anyone`; `signed-in`: readers and up; `editor`; `admin`. `!token`: not with an access token, whatever its scopes. */
export type Access = 'anyone' | 'anyone !token' | 'signed-in' | 'signed-in !token' | 'editor' | 'admin' | 'admin !token'

export const access: Record<string, Access> = {
  'GET /': 'anyone',
  'GET /papers': 'anyone',
  'GET /papers/suggest': 'anyone',
  'GET /papers/date': 'anyone',
  'GET /papers/date/:key': 'anyone',
  'GET /papers/week': 'anyone',
  'GET /papers/week/:key': 'anyone',
  'GET /papers/month': 'anyone',
  'GET /papers/month/:key': 'anyone',
  'GET /papers/trending': 'anyone',
  'POST /papers/upvote': 'signed-in',
  'GET /papers/:id{.+/card\\.png}': 'anyone',
  'GET /papers/:id{.+\\.bib}': 'anyone',
  'GET /papers/:id{.+\\.ris}': 'anyone',
  'GET /papers/:id{.+\\.csl\\.json}': 'anyone',
  'GET /papers/:id{.+}': 'anyone',
  'GET /categories': 'anyone',
  'GET /categories/:category': 'anyone',
  'GET /authors/:key': 'anyone',
  'GET /about': 'anyone',
  'GET /status': 'anyone',
  'GET /subscribe/kept': 'anyone',
  'POST /subscribe': 'anyone',
  'POST /appearance': 'anyone',

  'GET /sign-in': 'anyone !token',
  'POST /sign-in/mail': 'anyone !token',
  'GET /sign-in/sent': 'anyone !token',
  'GET /sign-in/link': 'anyone !token',
  'POST /sign-in/link': 'anyone !token',
  'POST /sign-in/with/:provider': 'anyone !token',
  'GET /sign-in/callback/:provider': 'anyone !token',
  'POST /sign-in/passkey/options': 'anyone !token',
  'POST /sign-in/passkey': 'anyone !token',
  'GET /invite/:secret': 'anyone !token',
  'POST /invite/:secret': 'anyone !token',

  'POST /sign-out': 'signed-in !token',
  'GET /account': 'signed-in !token',
  'POST /account/name': 'signed-in !token',
  'POST /account/address': 'signed-in !token',
  'GET /account/address': 'signed-in !token',
  'POST /account/address/confirm': 'signed-in !token',
  'POST /account/passkeys/options': 'signed-in !token',
  'POST /account/passkeys': 'signed-in !token',
  'POST /account/passkeys/remove': 'signed-in !token',
  'POST /account/identities/remove': 'signed-in !token',
  'POST /account/identities/:provider': 'signed-in !token',
  'POST /account/sessions/end': 'signed-in !token',
  'POST /account/sessions/end-others': 'signed-in !token',
  'POST /account/tokens': 'signed-in !token',
  'POST /account/tokens/revoke': 'signed-in !token',
  'GET /account/export': 'signed-in !token',
  'GET /account/leave': 'signed-in !token',
  'POST /account/leave': 'signed-in !token',

  'GET /admin/invites': 'admin !token',
  'POST /admin/invites': 'admin !token',
  'POST /admin/invites/revoke': 'admin !token',
}

/** Forms that reach for something of Ada's, by its id, and the table it must still be in when others have sent them. */
export const reachesForAda: { route: string; table: 'session' | 'passkey' | 'identity' | 'access_token' }[] = [
  { route: '/account/sessions/end', table: 'session' },
  { route: '/account/passkeys/remove', table: 'passkey' },
  { route: '/account/identities/remove', table: 'identity' },
  { route: '/account/tokens/revoke', table: 'access_token' },
]
