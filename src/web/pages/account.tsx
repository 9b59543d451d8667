import { mailOfPerson } from '../../digest/index.ts'
import { AppError } from '../../errors.ts'
import { identitiesOf, passkeysOf, personById, sessionsOf, tokensOf, type Viewer } from '../../people/index.ts'
import { MailSection } from '../parts/account-mail.tsx'
import { DataSection, SessionSection } from '../parts/account-sessions.tsx'
import { AddressSection, IdentitySection, NameSection, PasskeySection } from '../parts/account-sign-in.tsx'
import { TokenSection } from '../parts/account-tokens.tsx'
import { CsrfField } from '../parts/csrf-field.tsx'
import { Notice } from '../parts/notice.tsx'
import { personPage } from '../parts/person-page.tsx'
import { contentSecurityPolicy } from '../security.ts'
import { signInProblem } from '../sign-in-problem.ts'
import type { Page, Request } from '../site.ts'

const notes: Record<string, string> = {
  name: 'Your name was changed.',
  address: 'Your new address is confirmed.',
  sent: 'If the address can be yours, a link is on its way to it. Open it in this browser.',
  session: 'That session has ended.',
  sessions: 'All other sessions have ended.',
  passkey: 'That passkey opens nothing here any more.',
  identity: 'That way of signing in is gone.',
  token: 'That token was revoked: programs that use it are refused from now on.',
}

/** The person of a page that only people signed in reach. */
export function viewerOf(request: Request): Viewer {
  const viewer = request.get('viewer')
  if (!viewer) throw new AppError('not_signed_in', 'This needs an account here. Sign in first.')
  return viewer
}

/** `/account`: everything somebody can see and change about their account. */
export const accountPage: Page = async (request, site) => {
  const viewer = viewerOf(request)
  const entry = request.get('entry')
  const { db, accounts } = site
  const now = site.clock().toISOString()
  const person = await personById(db, viewer.personId)
  if (!person) throw new AppError('person_not_found', 'There is no such account.')
  const [identities, passkeys, sessions, tokens] = [
    await identitiesOf(db, viewer.personId),
    await passkeysOf(db, viewer.personId),
    await sessionsOf(db, viewer.personId, now),
    await tokensOf(db, viewer.personId),
  ]
  const csrf = <CsrfField request={request} site={site} />
  const note = notes[request.req.query('done') ?? '']
  const problem = signInProblem(request.req.query('error'), site)
  const response = await personPage(
    request,
    site,
    { title: 'Your account', lead: roleInWords(viewer, person.created_at), script: true },
    <>
      {note && <Notice>{note}</Notice>}
      {problem && <Notice kind="alarm">{problem}</Notice>}
      <form action="/sign-out" method="post" class="corner">
        {csrf}
        <button type="submit">Sign out</button>
      </form>
      <NameSection csrf={csrf} name={person.name} />
      <AddressSection csrf={csrf} email={person.email} isMailSent={accounts.isMailSent} />
      <PasskeySection csrf={csrf} passkeys={passkeys} />
      <IdentitySection csrf={csrf} identities={identities} providers={accounts.providers} />
      <MailSection mail={await mailOfPerson(db, viewer.personId)} isMailSent={site.digests !== undefined} />
      <SessionSection csrf={csrf} sessions={sessions} current={entry?.by === 'session' ? entry.sessionId : undefined} />
      <TokenSection csrf={csrf} tokens={tokens} isAdmin={viewer.role === 'admin'} now={now} />
      <DataSection isAdmin={viewer.role === 'admin'} />
    </>,
  )
  response.headers.set('content-security-policy', contentSecurityPolicy(accounts.providers.map((one) => one.baseUrl)))
  return response
}

function roleInWords({ name, role }: Viewer, since: string): string {
  const what = { reader: 'a reader', editor: 'an editor', admin: 'an administrator' }[role]
  return `${name}, ${what} here since ${since.slice(0, 10)}.`
}
