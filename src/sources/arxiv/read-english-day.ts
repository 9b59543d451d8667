import { type Day, isDay } from '../../papers/index.ts'

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/** The day in `Wednesday, 12 August 2026` or `Wed, 12 Aug 2026`; undefined where there is none. */
export function readEnglishDay(text: string): Day | undefined {
  const match = /\b(\d{1,2})\s+([A-Za-z]{3,9})\s+(\d{4})\b/.exec(text)
  if (!match) return undefined
  const [, date, name, year] = match as unknown as [string, string, string, string]
  const month = months.indexOf(name.slice(0, 3).toLowerCase()) + 1
  const day = `${year}-${String(month).padStart(2, '0')}-${date.padStart(2, '0')}`
  return isDay(day) ? day : undefined
}
