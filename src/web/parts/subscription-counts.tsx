import type { MailOverview } from '../../digest/index.ts'

const kinds = [
  ['edition', 'Papers of the day'],
  ['trending', 'Trending papers'],
  ['categories', 'Categories'],
  ['authors', 'Authors'],
  ['search', 'Searches'],
  ['similar', 'Similar papers'],
  ['picks', 'Picks'],
] as const
const rhythms = [
  ['daily', 'daily'],
  ['weekdays', 'chosen days'],
  ['weekly', 'weekly'],
  ['monthly', 'monthly'],
] as const

/** Active subscriptions by what and how often, and how many there are in other states. No address is named. */
export function SubscriptionCounts({ counts }: { counts: MailOverview['subscriptions'] }) {
  const count = (test: (one: MailOverview['subscriptions'][number]) => boolean) =>
    counts.filter(test).reduce((sum, one) => sum + one.count, 0)
  const active = counts.filter(({ state }) => state === 'active')
  const ofState = (state: string) => count((one) => one.state === state).toLocaleString('en')
  const shown = kinds.filter(([kind]) => active.some((one) => one.kind === kind))
  return (
    <>
      <p>
        {ofState('active')} active, {ofState('paused')} paused, {ofState('unconfirmed')} not confirmed,{' '}
        {ofState('waiting')} from before mail was set up, {ofState('ended')} ended.
      </p>
      {shown.length > 0 && (
        <section class="wide" tabindex={0} aria-label="Active subscriptions">
          <table class="facts-table counts">
            <thead>
              <tr>
                <th scope="col">Active</th>
                {rhythms.map(([, label]) => (
                  <th scope="col">{label}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map(([kind, label]) => (
                <tr>
                  <th scope="row">{label}</th>
                  {rhythms.map(([rhythm]) => (
                    <td>
                      {count(
                        (one) => one.state === 'active' && one.kind === kind && one.rhythm === rhythm,
                      ).toLocaleString('en')}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  )
}
