import { AppError } from '../../errors.ts'
import { LINK_MINUTES, MAX_NAME_CHARACTERS, readAddress } from '../../people/index.ts'
import { backPath } from '../back-path.ts'
import { finishSignIn } from '../finish-sign-in.ts'
import { Notice } from '../parts/notice.tsx'
import { personPage } from '../parts/person-page.tsx'
import { readForm, textField } from '../read-form.ts'
import { redirect } from '../respond.tsx'
import { signInProblem } from '../sign-in-problem.ts'
import type { Page, Request, Site } from '../site.ts'
import { inviteIn, visitOf } from '../visit.ts'

/** `POST /sign-in/mail`: the same answer for every address, known or not. */
export const sendSignInLink: Page = async (request, site) => {
  const visit = visitOf(request, site)
  const form = await readForm(request)
  const email = readAddress(textField(form, 'email'))
  const back = backPath(textField(form, 'back'))
  if (!(await request.get('limitSubject')('linksToAddress', email)))
    throw new AppError(
      'too_many_requests',
      'Several links were asked for with this address a moment ago. Look into its mailbox (and its spam), or try again in a quarter of an hour.',
    )
  if (!(await hasWorked(request, site, textField(form, 'work'))))
    throw new AppError(
      'too_many_requests',
      'Without script, only two links an hour can be asked for from one network here. Turn script on for this page, or try again later.',
    )
  site.accounts.sendLink(visit, { email, back, inviteSecret: inviteIn(request) }, site.clock())
  return redirect('/sign-in/sent', 303)
}

/** Whether the browser did the work that this site asks for. Who has no script gets in without, but not by the dozen. */
async function hasWorked(request: Request, site: Site, payload: string): Promise<boolean> {
  const { work } = site.accounts
  if (!work) return true
  const limitSubject = request.get('limitSubject')
  const done = payload && (await work.solved(payload))
  if (done) return limitSubject('workDone', done)
  return limitSubject('linksWithoutWork', request.get('address') ?? 'unknown')
}

/** `/sign-in/sent`: what to do now. Says nothing about the address: it could belong to anybody. */
export const signInSent: Page = (request, site) =>
  personPage(
    request,
    site,
    site.accounts.isMailSent
      ? { title: 'Look into your mailbox', lead: 'If the address can sign in here, a link is on its way to it.' }
      : { title: 'The link is in the log', lead: 'This site sends no mail.' },
    <>
      <p>
        {site.accounts.isMailSent
          ? `Open the link within ${LINK_MINUTES} minutes, in any browser: that one will be signed in. Nothing there after a few minutes? Look into the spam folder.`
          : 'If the address can sign in here, its link was printed where the program was started. Only its administrator can read it.'}
      </p>
      <p>
        <a href="/sign-in">Use another address</a>
      </p>
    </>,
  )

/** `GET /sign-in/link`: one button. Opening the page uses nothing up: programs that check mail open links too. */
export const signInLinkPage: Page = async (request, site) => {
  const token = request.req.query('token') ?? ''
  const owner = await site.accounts.linkOwner(token, site.clock())
  if (!owner) return linkIsOver(request, site)
  return personPage(
    request,
    site,
    owner.isNew
      ? { title: 'Welcome', lead: `One step, and you have an account at ${site.config.name}.` }
      : { title: 'Sign in', lead: `As ${owner.email}.` },
    <form class="ways" action="/sign-in/link" method="post">
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="back" value={backPath(request.req.query('back'))} />
      {owner.isNew && (
        <>
          <label for="new-name">Your name, as others will see it</label>
          <input id="new-name" name="name" type="text" required maxlength={MAX_NAME_CHARACTERS} autocomplete="name" />
          <p class="note">For {owner.email}. Your address is shown to nobody.</p>
        </>
      )}
      <button type="submit" class="primary" autofocus={!owner.isNew}>
        {owner.isNew ? 'Make my account' : 'Sign in'}
      </button>
    </form>,
  )
}

/** `POST /sign-in/link`: the link is used up, and its owner signed in. */
export const useSignInLink: Page = async (request, site) => {
  const form = await readForm(request)
  const given = { token: textField(form, 'token'), name: textField(form, 'name'), inviteSecret: inviteIn(request) }
  const step = await site.accounts.signInByLink(visitOf(request, site), given, site.clock())
  if (step.problem === 'INVALID_TOKEN') return linkIsOver(request, site)
  return finishSignIn(request, site, step, backPath(textField(form, 'back')))
}

function linkIsOver(request: Request, site: Site): Promise<Response> {
  return personPage(
    request,
    site,
    { title: 'This link is over', status: 410 },
    <>
      <Notice kind="alarm">{signInProblem('INVALID_TOKEN', site)}</Notice>
      <p class="more">
        <a href="/sign-in">Ask for a new link</a>
      </p>
    </>,
  )
}
