import type { Page } from '../../site.ts'
import { SimplePage, sendSimple } from './simple-page.tsx'

/** `/about/mail`: where List-Help leads. */
export const aboutMail: Page = (request, site) =>
  sendSimple(
    request,
    <SimplePage site={site} request={request} title="About the mail">
      <h2>What comes, and when</h2>
      <p>
        What you chose, at the hour you chose, in your own time zone. A list waits up to three hours until its day is
        complete; then what is there is sent, and says so. Days without news bring no mail, and no paper comes twice.
      </p>
      <h2>How to stop it</h2>
      <p>
        Every mail has a link that stops it, near the top and at the end; your mail program may show a button of its
        own. One click is enough, and it works at once, without signing in. The page of preferences changes it, pauses
        it, or deletes your address.
      </p>
      <h2>What we know</h2>
      <p>
        Nothing in the mail tells us whether you read it: there are no pictures, no counted links. We keep your address,
        what you chose, which mails went out, and when you agreed.
      </p>
      <h2>Mail that comes back</h2>
      <p>
        When a mailbox does not exist, or somebody marks a mail as spam, we stop sending to it. An account is never
        touched by that. Confirming the address again begins the mail anew.
      </p>
      {site.config.contact && (
        <p>
          Write to <a href={`mailto:${site.config.contact}`}>{site.config.contact}</a>.
        </p>
      )}
      <p>
        <a href="/subscribe">Subscribe</a>
      </p>
    </SimplePage>,
  )
