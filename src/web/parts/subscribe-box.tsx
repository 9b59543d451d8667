import { createKeptPart } from './kept-part.ts'

/** The box on every list. Mail itself comes later, and the box says so instead of promising. */
const keptBox = createKeptPart(
  () => '',
  () => <SubscribeForm />,
)

export const SubscribeBox = () => keptBox()

function SubscribeForm() {
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
        <button type="submit">Subscribe</button>
      </div>
      <p class="note">
        Mail starts with a later version of this site; until then your address is only kept, unconfirmed.
      </p>
    </form>
  )
}
