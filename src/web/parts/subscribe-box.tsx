import type { Site } from '../site.ts'
import { createKeptPart } from './kept-part.ts'

/** The box on every list. Where mail is not set up it says so; the address then waits, and is asked once it is. */
const keptBox = createKeptPart(
  (canMail: boolean) => String(canMail),
  (canMail: boolean) => <SubscribeForm canMail={canMail} />,
)

export const SubscribeBox = ({ site }: { site: Pick<Site, 'digests'> }) => keptBox(site.digests !== undefined)

function SubscribeForm({ canMail }: { canMail: boolean }) {
  return (
    <form class="subscribe" action="/subscribe" method="post">
      <p>
        <span class="mark new">new</span> <label for="email">Get trending papers in your email inbox!</label>
      </p>
      <div>
        <input
          id="email"
          name="email"
          type="email"
          required
          maxlength={254}
          placeholder="you@example.org"
          autocomplete="email"
        />
        <input type="hidden" name="zone" value="" data-guess="" />
        <button type="submit">Subscribe</button>
      </div>
      {canMail ? (
        <p class="note">
          One mail asks you to confirm; then the papers of the day come in the morning.{' '}
          <a href="/subscribe">Choose what and when</a>
        </p>
      ) : (
        <p class="note">
          Mail is not set up on this site. Your address is only kept, and asked to confirm once mail starts.
        </p>
      )}
    </form>
  )
}
