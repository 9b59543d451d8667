import { raw } from 'hono/html'
import type { Card } from '../../papers/index.ts'
import { ownPath } from '../back-path.ts'
import type { Request, Site } from '../site.ts'
import { CsrfField } from './csrf-field.tsx'

const triangle = raw('<svg viewBox="0 0 12 10" aria-hidden="true"><path d="M6 1 11 9H1z"/></svg>')

/**
 * The upvote toggle of a paper. It belongs to the one form `votes` of the page, so that a kept card needs no token: what
 * differs between readers is `voted` alone. The island (`islands/votes.ts`) writes the same label.
 */
export function VoteButton({ card, voted }: { card: Card; voted: boolean }) {
  return (
    <button
      class="vote"
      type="submit"
      form="votes"
      name={voted ? 'withdraw' : 'paper'}
      value={card.publicId}
      aria-pressed={voted ? 'true' : 'false'}
      aria-label={voteLabel(card.upvotes)}
      aria-describedby={paperAnchor(card.publicId)}
      title={voted ? 'Take your upvote back' : 'Upvote'}
    >
      {triangle}
      <b>{card.upvotes}</b>
    </button>
  )
}

/** The name of the button begins with what is seen on it. */
function voteLabel(upvotes: number): string {
  return `${upvotes} ${upvotes === 1 ? 'upvote' : 'upvotes'}: upvote`
}

/** Where a page comes back to after a vote: the title of the paper. */
export function paperAnchor(publicId: string): string {
  return `p-${publicId}`
}

/** The form behind every vote button of a page. For nobody signed in it leads to the way in, and back here. */
export function VoteForm({ request, site }: { request: Request; site: Site }) {
  if (!request.get('viewer'))
    return (
      <form id="votes" action="/sign-in" method="get" hidden>
        <input type="hidden" name="back" value={ownPath(request)} />
      </form>
    )
  return (
    <form id="votes" action="/papers/upvote" method="post" hidden>
      <CsrfField request={request} site={site} />
    </form>
  )
}
