import { raw } from 'hono/html'
import { type Period, periodPath, periodTitle } from '../../feed/index.ts'
import { shortDay } from './dates.ts'

const kinds = [
  { kind: 'day', label: 'date' },
  { kind: 'week', label: 'week' },
  { kind: 'month', label: 'month' },
] as const

/** Earlier and later editions as real links, and a date field that works without script. */
export function PeriodNav({ period, earlier, later }: { period: Period; earlier?: Period; later?: Period }) {
  const segment = kinds.find(({ kind }) => kind === period.kind)?.label
  return (
    <nav class="period" aria-label={`Other ${period.kind}s`}>
      {earlier ? (
        <a rel="prev" href={periodPath(earlier)} title={periodTitle(earlier)}>
          {raw('&larr;')} {shortTitle(earlier)}
        </a>
      ) : (
        <span class="none">No earlier edition</span>
      )}
      <form action={`/papers/${segment}`} method="get">
        {period.kind !== 'day' && <span aria-hidden="true">{period.kind === 'week' ? 'Week of' : 'Month of'}</span>}
        <input type="date" name="day" value={period.from} required aria-label={`Go to the ${period.kind} of`} />
        <button type="submit">Go</button>
      </form>
      {later ? (
        <a rel="next" href={periodPath(later)} title={periodTitle(later)}>
          {shortTitle(later)} {raw('&rarr;')}
        </a>
      ) : (
        <span class="none">No later edition</span>
      )}
    </nav>
  )
}

function shortTitle(period: Period): string {
  return period.kind === 'day'
    ? shortDay(period.key)
    : period.kind === 'week'
      ? `Week ${period.key.slice(-2)}`
      : periodTitle(period)
}
