import { about } from './pages/about.tsx'
import { accountPage } from './pages/account.tsx'
import {
  askForAddress,
  changeName,
  confirmAddressAction,
  confirmAddressPage,
  endOneSession,
  endOthers,
  exportPage,
  makeToken,
  removeIdentity,
  removePasskey,
  revokeToken,
} from './pages/account-actions.tsx'
import { adminIndex } from './pages/admin.tsx'
import { claimsAction, claimsPage } from './pages/admin-claims.tsx'
import { digestAddressAction } from './pages/admin-digest-address.tsx'
import { digestHelpPage, digestIssueAction, digestIssuePage } from './pages/admin-digest-issue.tsx'
import { digestsAction, digestsPage } from './pages/admin-digests.tsx'
import { invitesPage, makeInvite, revokeInvite } from './pages/admin-invites.tsx'
import { jobsPage, runJobAction } from './pages/admin-jobs.tsx'
import { logPage, undoLogAction } from './pages/admin-log.tsx'
import { peoplePage, personAction, personPage } from './pages/admin-people.tsx'
import { settingsAction, settingsPage } from './pages/admin-settings.tsx'
import {
  askSourceAction,
  removeSourceAction,
  saveArxivAction,
  saveSourceAction,
  sourcesPage,
} from './pages/admin-sources.tsx'
import { votesAction, votesPage } from './pages/admin-votes.tsx'
import { appearanceAction } from './pages/appearance.ts'
import { authorPage } from './pages/author.tsx'
import { categoriesPage, categoryPage } from './pages/category.tsx'
import { claimAction, pickAction, placeAction, unlistAction } from './pages/edit-paper.ts'
import { frontPage, periodIndex, periodPage } from './pages/edition.tsx'
import { acceptInvite, invitePage } from './pages/invite.tsx'
import { leaveAction, leavePage } from './pages/leave.tsx'
import { aboutMail } from './pages/mail/about-mail.tsx'
import { mailHook } from './pages/mail/hooks.ts'
import { addAction, changeAction, deleteAction, preferencesPage } from './pages/mail/preferences.tsx'
import { adminPreview, ownPreview, previewPage } from './pages/mail/preview.tsx'
import { keepSearchAction, savedSearchAction, savedSearchesPage } from './pages/mail/saved-searches.tsx'
import {
  confirmAction,
  confirmPage,
  subscribeAction,
  subscribeMe,
  subscribePage,
  subscribeSent,
} from './pages/mail/subscribe.tsx'
import { undoAction, unsubscribeAction, unsubscribePage } from './pages/mail/unsubscribe.tsx'
import { paperPage } from './pages/paper.tsx'
import { paperCitation, paperPicture } from './pages/paper-files.ts'
import { addPasskey, passkeyOptions, passkeySignIn, passkeySignInOptions } from './pages/passkey.ts'
import { searchPage } from './pages/search.tsx'
import { signInPage } from './pages/sign-in.tsx'
import { sendSignInLink, signInLinkPage, signInSent, useSignInLink } from './pages/sign-in-link.tsx'
import { addIdentity, providerCallback, signInWith } from './pages/sign-in-with.ts'
import { signOut } from './pages/sign-out.ts'
import { status } from './pages/status.tsx'
import { findAction, submitAction, submitPage } from './pages/submit.tsx'
import { suggestions } from './pages/suggest.ts'
import { trending } from './pages/trending.tsx'
import { upvoteAction } from './pages/upvote.ts'
import type { Rate } from './rate-limits.ts'
import type { Page } from './site.ts'
import type { Who } from './who.ts'

export type Route = {
  method: 'get' | 'post'
  path: string
  page: Page
  /** Who may; each includes the ones after it. What depends on more than that (is it mine?) the page itself decides. */
  who: Who
  rate: Rate
  /** Not with a token: a leaked one must not make others, or take the account away. */
  sessionOnly: boolean
}

type Options = { who?: Who; rate?: Rate; sessionOnly?: boolean }

const get = (
  path: string,
  page: Page,
  { who = 'anyone', rate = 'pages', sessionOnly = false }: Options = {},
): Route => ({
  method: 'get',
  path,
  page,
  who,
  rate,
  sessionOnly,
})
/**
 * Every POST is refused when another site's page sends it (`refuseCrossSite`), and, from somebody signed in with a
 * browser, without the token of our own forms (`CsrfField`).
 */
const post = (
  path: string,
  page: Page,
  { who = 'anyone', rate = 'writes', sessionOnly = false }: Options = {},
): Route => ({
  method: 'post',
  path,
  page,
  who,
  rate,
  sessionOnly,
})

const entering: Options = { rate: 'signIn', sessionOnly: true }
const entrance: Options = { sessionOnly: true }
const own: Options = { who: 'signed-in', sessionOnly: true }

/** The table of contents of the site. Order matters where one pattern holds another. */
export const routes: Route[] = [
  get('/', frontPage),
  get('/papers', searchPage, { rate: 'search' }),
  get('/papers/suggest', suggestions, { rate: 'suggestions' }),
  get('/papers/date', periodIndex('day')),
  get('/papers/date/:key', periodPage('day')),
  get('/papers/week', periodIndex('week')),
  get('/papers/week/:key', periodPage('week')),
  get('/papers/month', periodIndex('month')),
  get('/papers/month/:key', periodPage('month')),
  get('/papers/trending', trending),
  post('/papers/upvote', upvoteAction, { who: 'signed-in', rate: 'votes' }),
  get('/papers/submit', submitPage),
  post('/papers/submit', submitAction, { who: 'signed-in' }),
  post('/papers/submit/find', findAction, { who: 'signed-in', rate: 'lookUps' }),
  post('/papers/claim', claimAction, { who: 'signed-in' }),
  post('/papers/pick', pickAction, { who: 'editor' }),
  post('/papers/place', placeAction, { who: 'editor' }),
  post('/papers/unlist', unlistAction, { who: 'editor' }),
  get('/papers/:id{.+/card\\.png}', paperPicture, { rate: 'pictures' }),
  get('/papers/:id{.+\\.bib}', paperCitation('.bib')),
  get('/papers/:id{.+\\.ris}', paperCitation('.ris')),
  get('/papers/:id{.+\\.csl\\.json}', paperCitation('.csl.json')),
  get('/papers/:id{.+}', paperPage),
  get('/categories', categoriesPage),
  get('/categories/:category', categoryPage),
  get('/authors/:key', authorPage),
  get('/about', about),
  get('/status', status),
  get('/admin', adminIndex, { who: 'editor' }),
  get('/admin/settings', settingsPage, { who: 'admin' }),
  post('/admin/settings', settingsAction, { who: 'admin' }),
  get('/admin/sources', sourcesPage, { who: 'admin' }),
  post('/admin/sources', saveSourceAction, { who: 'admin' }),
  post('/admin/sources/arxiv', saveArxivAction, { who: 'admin' }),
  post('/admin/sources/ask', askSourceAction, { who: 'admin' }),
  post('/admin/sources/remove', removeSourceAction, { who: 'admin' }),
  get('/admin/people', peoplePage, { who: 'admin' }),
  get('/admin/people/:person', personPage, { who: 'admin' }),
  post('/admin/people/:person', personAction, { who: 'admin' }),
  get('/admin/votes', votesPage, { who: 'editor' }),
  post('/admin/votes', votesAction, { who: 'editor' }),
  get('/admin/claims', claimsPage, { who: 'editor' }),
  post('/admin/claims', claimsAction, { who: 'editor' }),
  get('/admin/jobs', jobsPage, { who: 'admin' }),
  post('/admin/jobs', runJobAction, { who: 'admin' }),
  get('/admin/digests', digestsPage, { who: 'admin' }),
  post('/admin/digests', digestsAction, { who: 'admin' }),
  get('/admin/digests/help', digestHelpPage, { who: 'admin' }),
  get('/admin/digests/preview', previewPage, { who: 'admin' }),
  post('/admin/digests/address', digestAddressAction, { who: 'admin' }),
  get('/admin/digests/issues/:issue', digestIssuePage, { who: 'admin' }),
  post('/admin/digests/issues/:issue', digestIssueAction, { who: 'admin' }),
  get('/admin/log', logPage, { who: 'editor' }),
  post('/admin/log/undo', undoLogAction, { who: 'editor' }),
  get('/subscribe', subscribePage),
  post('/subscribe', subscribeAction),
  post('/subscribe/me', subscribeMe, { who: 'signed-in', sessionOnly: true }),
  get('/subscribe/sent', subscribeSent),
  get('/subscribe/confirm/:token', confirmPage),
  post('/subscribe/confirm/:token', confirmAction),
  get('/u/:token', unsubscribePage, { rate: 'open' }),
  post('/u/:token', unsubscribeAction, { rate: 'open' }),
  post('/u/:token/undo', undoAction),
  get('/mail/:token', preferencesPage),
  post('/mail/:token/add', addAction),
  post('/mail/:token/delete', deleteAction),
  get('/mail/:token/:id/preview', ownPreview),
  post('/mail/:token/:id', changeAction),
  get('/about/mail', aboutMail),
  get('/searches', savedSearchesPage, { who: 'signed-in' }),
  post('/searches', keepSearchAction, { who: 'signed-in' }),
  post('/searches/:id', savedSearchAction, { who: 'signed-in' }),
  post('/hooks/mail/:provider', mailHook, { rate: 'open' }),
  get('/admin/mail/preview/:id', adminPreview, { who: 'admin' }),
  post('/appearance', appearanceAction),

  // Signing in. Nobody is signed in yet, so these are for anyone; tokens have no business here.
  get('/sign-in', signInPage, entrance),
  post('/sign-in/mail', sendSignInLink, entering),
  get('/sign-in/sent', signInSent, entrance),
  get('/sign-in/link', signInLinkPage, entrance),
  post('/sign-in/link', useSignInLink, entering),
  post('/sign-in/with/:provider', signInWith, entering),
  get('/sign-in/callback/:provider', providerCallback, { rate: 'callbacks', sessionOnly: true }),
  post('/sign-in/passkey/options', passkeySignInOptions, entering),
  post('/sign-in/passkey', passkeySignIn, entering),
  get('/invite/:secret', invitePage, entrance),
  post('/invite/:secret', acceptInvite, entering),

  // One's own account: each page sees the rows of its viewer only.
  post('/sign-out', signOut, own),
  get('/account', accountPage, own),
  post('/account/name', changeName, own),
  post('/account/address', askForAddress, own),
  get('/account/address', confirmAddressPage, own),
  post('/account/address/confirm', confirmAddressAction, own),
  post('/account/passkeys/options', passkeyOptions, own),
  post('/account/passkeys', addPasskey, own),
  post('/account/passkeys/remove', removePasskey, own),
  post('/account/identities/remove', removeIdentity, own),
  post('/account/identities/:provider', addIdentity, own),
  post('/account/sessions/end', endOneSession, own),
  post('/account/sessions/end-others', endOthers, own),
  post('/account/tokens', makeToken, own),
  post('/account/tokens/revoke', revokeToken, own),
  get('/account/export', exportPage, own),
  get('/account/leave', leavePage, own),
  post('/account/leave', leaveAction, own),

  get('/admin/invites', invitesPage, { who: 'admin', sessionOnly: true }),
  post('/admin/invites', makeInvite, { who: 'admin', sessionOnly: true }),
  post('/admin/invites/revoke', revokeInvite, { who: 'admin', sessionOnly: true }),
]

/** Where programs of others post: mailbox providers (RFC 8058) and relays, which prove themselves in other ways. */
export const isOpenPath = (path: string): boolean => /^\/(u|hooks\/mail)\/[^/]+$/.test(path)
