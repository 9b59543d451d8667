import type { Child } from 'hono/jsx'
import { zoneNames } from '../../digest/index.ts'
import type { SubscriptionValues } from '../subscription-form.ts'
import { createKeptPart } from './kept-part.ts'

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const hours = Array.from({ length: 24 }, (_, hour) => hour)
const lengths = [5, 10, 20, 30, 50]
const rhythms = [
  ['daily', 'on days with new papers'],
  ['weekdays', 'on the days marked below'],
  ['weekly', 'once a week, on the first day marked'],
  ['monthly', 'once a month, on its first day'],
] as const

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

type Props = { values: SubscriptionValues; prefix?: string; guessZone?: boolean }

/** What, how often, when and how much: the fields that every form about a subscription has. */
export function SubscriptionFields({ values, prefix = '', guessZone = false }: Props) {
  const id = (name: string) => `${prefix}${name}`
  return (
    <>
      <fieldset class="wants">
        <legend>What</legend>
        <Want kind="edition" values={values} label="The papers of the day" />
        <Want kind="trending" values={values} label="Trending papers" />
        <Want kind="picks" values={values} label="Picks of the editors" />
        <Want kind="categories" values={values} label="New in categories">
          <Text name="categories" label="Categories" example="cs.CL, cs.LG" values={values} />
        </Want>
        <Want kind="authors" values={values} label="New by authors">
          <Text name="authors" label="Authors" example="Ada Byron, Ben Okri" values={values} />
        </Want>
        <Want kind="search" values={values} label="New for a search">
          <Text name="query" label="Search" example="speculative decoding -cat:cs.CV" values={values} />
        </Want>
        <Want kind="similar" values={values} label="Like these papers">
          <Text name="papers" label="Papers by their ids" example="2601.00001, 1706.03762" values={values} />
        </Want>
        <Want kind="people" values={values} label="Submitted here by">
          <Text name="people" label="People" example="Ada Byron, Ben Okri" values={values} />
        </Want>
      </fieldset>
      <fieldset class="when">
        <legend>When</legend>
        <label for={id('rhythm')}>How often</label>
        <select id={id('rhythm')} name="rhythm">
          {rhythms.map(([value, label]) => (
            <option value={value} selected={value === values.rhythm}>
              {label}
            </option>
          ))}
        </select>
        <span id={id('days')}>Days</span>
        <fieldset class="days" aria-labelledby={id('days')}>
          {weekdays.map((name, index) => (
            <label>
              <input
                type="checkbox"
                name="weekdays"
                value={String(index + 1)}
                checked={values.weekdays.includes(String(index + 1))}
              />{' '}
              {name}
            </label>
          ))}
        </fieldset>
        <label for={id('hour')}>At</label>
        <select id={id('hour')} name="hour">
          {hours.map((one) => (
            <option value={String(one)} selected={String(one) === values.hour}>
              {`${String(one).padStart(2, '0')}:00`}
            </option>
          ))}
        </select>
        <label for={id('zone')}>Time zone</label>
        <div>
          <input
            id={id('zone')}
            name="zone"
            list="zones"
            value={values.zone}
            required
            autocomplete="off"
            aria-describedby={id('zone-about')}
            {...(guessZone ? { 'data-guess': '' } : {})}
          />
          <span class="note" id={id('zone-about')}>
            By its city, such as Europe/Berlin. Days and hours are those of your clock.
          </span>
        </div>
        <label for={id('length')}>At most</label>
        <select id={id('length')} name="length">
          {[...new Set([...lengths, Number(values.length)])]
            .filter((one) => one > 0)
            .sort((a, b) => a - b)
            .map((one) => (
              <option value={String(one)} selected={String(one) === values.length}>
                {one} papers
              </option>
            ))}
        </select>
      </fieldset>
    </>
  )
}

type WantProps = { kind: string; values: SubscriptionValues; label: string; children?: Child }

function Want({ kind, values, label, children }: WantProps) {
  return (
    <div class="want">
      <label>
        <input type="radio" name="kind" value={kind} checked={values.kind === kind} /> {label}
      </label>
      {children}
    </div>
  )
}

type TextProps = {
  name: 'categories' | 'authors' | 'query' | 'papers' | 'people'
  label: string
  example: string
  values: SubscriptionValues
}

/** What a choice needs to know. Typing into it does not make the choice: without script nothing could. */
const Text = ({ name, label, example, values }: TextProps) => (
  <input
    name={name}
    aria-label={`${label}, such as ${example}`}
    placeholder={example}
    value={values[name]}
    maxlength={2000}
  />
)
