import { type Preferences, scheduleSentence, wantSentence } from '../../digest/index.ts'
import { sentence } from './sentence.ts'

type Props = { mail: Preferences | undefined; isMailSent: boolean }

/** What comes to somebody by mail, and the way to change it. */
export function MailSection({ mail, isMailSent }: Props) {
  const active = mail?.subscriptions.filter(({ state }) => state === 'active' || state === 'paused') ?? []
  return (
    <section aria-labelledby="mail-heading">
      <h2 id="mail-heading">Mail and searches</h2>
      {!isMailSent && <p class="note">Mail is not set up on this site, so nothing is sent yet.</p>}
      {active.length > 0 ? (
        <ul class="plain">
          {active.map((one) => (
            <li>
              {sentence(wantSentence(one.want))}, {scheduleSentence(one)}
              {one.state === 'paused' && ' (paused)'}
            </li>
          ))}
        </ul>
      ) : (
        <p>No papers come by mail.</p>
      )}
      <p>
        {mail ? <a href={`/mail/${mail.subscriber.token}`}>Change your mail</a> : <a href="/subscribe">Subscribe</a>} ·{' '}
        <a href="/searches">Your searches</a>
      </p>
    </section>
  )
}
