import type { DayState } from '../../sources/index.ts'

/** On an edition: whether all of its day has arrived. Nothing where the day was never gathered here. */
export function DayBadge({ of }: { of: DayState | undefined }) {
  if (!of || of.state === 'unknown' || of.state === 'off') return null
  return (
    <p class={`day-badge ${of.state}`}>
      <a href="/status">{of.words.replace(/;.*/, '')}</a>
    </p>
  )
}
