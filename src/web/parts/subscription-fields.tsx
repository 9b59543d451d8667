import { type SubscriptionSettings, zoneNames } from '../../digest/index.ts'
import { createKeptPart } from './kept-part.ts'

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const hours = Array.from({ length: 24 }, (_, hour) => hour)
const lengths = [5, 10, 20, 30, 50]

/** Names of zones for the field to suggest: once on a page. */
export const ZoneList = createKeptPart(
  () => '',
  () => (
    <datalist id="zones">
      {zoneNames().map((name) => (
        <option value={name} />
      ))}
    </datalist>
  ),
)

type Props = { settings: SubscriptionSettings; prefix?: string; guessZone?: boolean }

/** What, how often, when and how much: the fields that every form about a subscription has. */
export function SubscriptionFields({ settings, prefix = '', guessZone = false }: Props) {
  const { want, rhythm, hour, zone, length } = settings
  const id = (name: string) => `${prefix}${name}`
  return (
    <>
      <fieldset class="wants">
        <legend>What</legend>
        <Want kind="edition" want={want} label="The papers of the day" />
        <Want kind="trending" want={want} label="Trending papers" />
        <Want kind="categories" want={want} label="New in categories">
          <input
            name="categories"
            aria-label="Categories, such as cs.CL, cs.LG"
            placeholder="cs.CL, cs.LG"
            value={want.kind === 'categories' ? want.categories.join(', ') : ''}
          />
        </Want>
        <Want kind="authors" want={want} label="New by authors">
          <input
            name="authors"
            aria-label="Authors, one after the other with commas"
            placeholder="Ada Byron, Ben Okri"
            value={want.kind === 'authors' ? want.authors.join(', ') : ''}
          />
        </Want>
        <Want kind="search" want={want} label="New for a search">
          <input
            name="query"
            aria-label="The search, as you would type it"
            placeholder="speculative decoding -cat:cs.CV"
            value={want.kind === 'search' ? want.query : ''}
          />
        </Want>
        <Want kind="similar" want={want} label="Like these papers">
          <input
            name="papers"
            aria-label="Papers by their ids, with commas"
            placeholder="2601.00001, 1706.03762"
            value={want.kind === 'similar' ? want.papers.join(', ') : ''}
          />
        </Want>
        <Want kind="picks" want={want} label={picksLabel(want)}>
          {want.kind === 'picks' && <input type="hidden" name="who" value={want.who} />}
        </Want>
      </fieldset>
      <fieldset class="when">
        <legend>When</legend>
        <label>
          How often{' '}
          <select name="rhythm">
            {(
              [
                ['daily', 'on days with new papers'],
                ['weekdays', 'on chosen days'],
                ['weekly', 'once a week'],
                ['monthly', 'once a month'],
              ] as const
            ).map(([value, label]) => (
              <option value={value} selected={value === rhythm}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <fieldset class="days" aria-label="Days, for chosen days and once a week">
          {weekdays.map((name, index) => (
            <label>
              <input
                type="checkbox"
                name="weekdays"
                value={String(index + 1)}
                checked={settings.weekdays.includes(index + 1)}
              />{' '}
              {name}
            </label>
          ))}
        </fieldset>
        <label>
          At{' '}
          <select name="hour">
            {hours.map((one) => (
              <option value={String(one)} selected={one === hour}>
                {`${String(one).padStart(2, '0')}:00`}
              </option>
            ))}
          </select>
        </label>
        <label for={id('zone')}>
          Time zone{' '}
          <input
            id={id('zone')}
            name="zone"
            list="zones"
            value={zone}
            required
            autocomplete="off"
            {...(guessZone ? { 'data-guess': '' } : {})}
          />
        </label>
        <label>
          At most{' '}
          <select name="length">
            {[...new Set([...lengths, length])]
              .sort((a, b) => a - b)
              .map((one) => (
                <option value={String(one)} selected={one === length}>
                  {one} papers
                </option>
              ))}
          </select>
        </label>
      </fieldset>
    </>
  )
}

type WantProps = {
  kind: SubscriptionSettings['want']['kind']
  want: SubscriptionSettings['want']
  label: string
  children?: unknown
}

function Want({ kind, want, label, children }: WantProps) {
  return (
    <div class="want">
      <label>
        <input type="radio" name="kind" value={kind} checked={want.kind === kind} /> {label}
      </label>
      {children as never}
    </div>
  )
}

function picksLabel(want: SubscriptionSettings['want']): string {
  return want.kind === 'picks' && want.who !== 'editors'
    ? `What ${want.name ?? 'one reader'} submits`
    : 'Picks of the editors'
}
