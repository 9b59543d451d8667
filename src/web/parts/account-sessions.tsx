import type { Child } from 'hono/jsx'
import { SESSION_DAYS } from '../../people/index.ts'
import { OwnedList } from './account-sign-in.tsx'
import { instant } from './dates.ts'

type Session = { id: string; network: string | null; browser: string | null; created_at: string; expires_at: string }
type Props = { csrf: Child; sessions: readonly Session[]; current: string | undefined }

/** Where somebody is signed in, and how to end it. */
export function SessionSection({ csrf, sessions, current }: Props) {
  return (
    <section aria-labelledby="sessions-title">
      <h2 id="sessions-title">Where you are signed in</h2>
      <OwnedList
        csrf={csrf}
        action="/account/sessions/end"
        verb="Sign out"
        rows={sessions.map(({ id, network, browser, created_at }) => ({
          id,
          name: browser ?? 'A browser',
          detail: `since ${instant(created_at)}${network ? `, from ${network}` : ''}`,
          ...(id === current ? { mark: 'this one' } : {}),
        }))}
      />
      {sessions.length > 1 && (
        <form action="/account/sessions/end-others" method="post">
          {csrf}
          <button type="submit">Sign out everywhere else</button>
        </form>
      )}
      <p class="note">A sign-in lasts {SESSION_DAYS} days.</p>
    </section>
  )
}

export function DataSection({ isAdmin }: { isAdmin: boolean }) {
  return (
    <section aria-labelledby="data-title">
      <h2 id="data-title">Your data</h2>
      <p>
        <a href="/account/export" download>
          Download everything stored about you
        </a>{' '}
        as JSON, or <a href="/account/leave">delete your account</a>.
      </p>
      {isAdmin && (
        <p>
          You run this site: <a href="/admin">administration</a>, <a href="/admin/invites">invitations</a>.
        </p>
      )}
    </section>
  )
}
