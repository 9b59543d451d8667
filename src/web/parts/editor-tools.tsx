import { PLACEABLE_DAYS } from '../../feed/index.ts'
import { addDays, dayInWords, type PaperDetail } from '../../papers/index.ts'
import type { PaperCommunity } from '../paper-community.ts'
import type { CurrentSite, Request } from '../site.ts'
import { CsrfField } from './csrf-field.tsx'

type Props = { request: Request; site: CurrentSite; paper: PaperDetail; community: PaperCommunity }

/** For editors, on a paper's page: pick, place, remove. Every use is in the log and can be undone there. */
export function EditorTools({ request, site, paper, community }: Props) {
  const { tools } = community
  if (!tools) return null
  const { card } = paper
  const { place, today } = tools
  const fields = (
    <>
      <CsrfField request={request} site={site} />
      <input type="hidden" name="paper" value={card.publicId} />
    </>
  )
  return (
    <section class="tools" aria-labelledby="tools-title">
      <h2 id="tools-title">For editors</h2>
      <form action="/papers/pick" method="post">
        {fields}
        <input type="hidden" name="wanted" value={card.isPick ? 'none' : 'picked'} />
        <button type="submit">{card.isPick ? 'Take the pick back' : 'Mark as a pick'}</button>
      </form>
      <details open={place.removal !== null}>
        <summary>Place or remove</summary>
        <form action="/papers/place" method="post">
          {fields}
          <label for="place-day">{place.entry ? 'Move to the edition of' : 'Place in the edition of'}</label>
          <span class="row">
            <input
              id="place-day"
              type="date"
              name="day"
              value={place.entry?.day ?? today}
              min={addDays(today, -PLACEABLE_DAYS)}
              max={today}
              required
            />
            <button type="submit">{place.entry ? 'Move' : 'Place'}</button>
          </span>
        </form>
        {place.removal && (
          <p class="note">
            Taken out of the edition of {dayInWords(place.removal.day)}: {place.removal.reason}
          </p>
        )}
        {place.entry && (
          <form action="/papers/unlist" method="post">
            {fields}
            <label for="unlist-reason">Take it out of its edition, because</label>
            <span class="row">
              <input id="unlist-reason" name="reason" required maxlength={300} autocomplete="off" />
              <button type="submit">Remove</button>
            </span>
          </form>
        )}
      </details>
      <p class="note">
        <a href={`/admin/log?subject=paper:${card.id}`}>What editors did with this paper</a>
      </p>
    </section>
  )
}

/** Somebody signed in says to be an author; where it stands is shown to them. */
export function ClaimBox({ request, site, paper, community }: Props) {
  const { authors, claim, isSignedIn } = community
  if (!isSignedIn && authors.length === 0) return null
  return (
    <section class="claims">
      {authors.length > 0 && (
        <p class="note">
          Confirmed author{authors.length > 1 ? 's' : ''} here: {authors.map((one) => one.name).join(', ')}
        </p>
      )}
      {isSignedIn && claim === 'pending' && (
        <p class="note">You said that you are an author. An editor will look at it.</p>
      )}
      {isSignedIn && claim !== 'pending' && claim !== 'confirmed' && (
        <form action="/papers/claim" method="post">
          <CsrfField request={request} site={site} />
          <input type="hidden" name="paper" value={paper.card.publicId} />
          {claim === 'refused' && <p class="note">An editor could not confirm your claim. You can make it again.</p>}
          <button class="quiet" type="submit">
            I am an author of this paper
          </button>
        </form>
      )}
    </section>
  )
}
