import { LINK_MINUTES } from '../../people/index.ts'
import { backPath } from '../back-path.ts'
import { Notice } from '../parts/notice.tsx'
import { personPage } from '../parts/person-page.tsx'
import { contentSecurityPolicy } from '../security.ts'
import { signInProblem } from '../sign-in-problem.ts'
import type { Page, Site } from '../site.ts'
import { inviteIn } from '../visit.ts'

/** `/sign-in`: every way in that is set up here. `back` is where to go afterwards. */
export const signInPage: Page = async (request, site) => {
  const { accounts, config } = site
  const back = backPath(request.req.query('back'))
  const problem = signInProblem(request.req.query('error'), site)
  const viewer = request.get('viewer')
  const response = await personPage(
    request,
    site,
    { title: 'Sign in', lead: `To upvote, submit and keep track of papers at ${config.name}.`, script: true },
    <>
      {problem && <Notice kind="alarm">{problem}</Notice>}
      {viewer && (
        <Notice>
          You are signed in as {viewer.name}. Sign in again to confirm that it is you, or go to{' '}
          <a href="/account">your account</a>.
        </Notice>
      )}
      <form class="ways" action="/sign-in/mail" method="post">
        <label for="sign-in-email">E-mail address</label>
        <input
          id="sign-in-email"
          name="email"
          type="email"
          required
          maxlength={254}
          autocomplete="email webauthn"
          placeholder="you@example.org"
        />
        <input type="hidden" name="back" value={back} />
        {accounts.work && (
          <input type="hidden" name="work" data-work={await accounts.work.challenge(site.clock())} autocomplete="off" />
        )}
        <button type="submit" class="primary">
          Send me a sign-in link
        </button>
        <p class="note">
          {accounts.isMailSent
            ? `No password: the link works once, for ${LINK_MINUTES} minutes. It makes your account if you have none yet.`
            : 'Mail is not set up here: the link is printed where the program was started, for the administrator only.'}
        </p>
        {accounts.work && <p class="note" role="status"></p>}
      </form>
      <OtherWays site={site} back={back} />
      <WhoMay site={site} isInvited={inviteIn(request) !== undefined} />
    </>,
  )
  response.headers.set('content-security-policy', contentSecurityPolicy(accounts.providers.map((one) => one.baseUrl)))
  return response
}

function OtherWays({ site, back }: { site: Site; back: string }) {
  return (
    <div class="ways" data-passkey-sign-in={back}>
      {site.accounts.providers.map(({ name, label }) => (
        <form action={`/sign-in/with/${name}`} method="post">
          <input type="hidden" name="back" value={back} />
          <button type="submit">Sign in with {label}</button>
        </form>
      ))}
      <button type="button" hidden>
        Sign in with a passkey
      </button>
      <p class="note" role="status"></p>
    </div>
  )
}

/** The rules for new accounts, said before anybody tries. */
function WhoMay({ site, isInvited }: { site: Site; isInvited: boolean }) {
  const { isByInvitation, domains } = site.accounts.rules
  if (isInvited) return <p class="note">You have an invitation: it is used when you sign in for the first time.</p>
  if (isByInvitation) return <p class="note">New accounts need an invitation here; ask an administrator for one.</p>
  if (domains.length === 0) return null
  return <p class="note">New accounts need an address of {domains.join(', ')}, or an invitation.</p>
}
