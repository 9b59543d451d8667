import { shortDay } from './dates.ts'

export type StarHistory = { url: string; points: readonly { day: string; stars: number }[] }

const WINDOW_DAYS = 30
const [WIDTH, HEIGHT] = [120, 24]

/** How the stars of a paper's repositories came together: a sentence, and a line where there is one to draw. */
export function StarHistories({ of, today }: { of: readonly StarHistory[]; today: string }) {
  const drawn = of.filter(({ points }) => points.length > 1)
  if (drawn.length === 0) return null
  return (
    <div class="related stars">
      <b>Stars</b>
      <ul>
        {drawn.map(({ url, points }) => (
          <li>
            {starsInWords(points, today)} <span class="note">{url.replace(/^https:\/\/(github\.com\/)?/, '')}</span>
            {points.length > 2 && (
              <svg class="sparkline" viewBox={`-2 -2 ${WIDTH + 4} ${HEIGHT + 4}`} aria-hidden="true">
                <polyline points={lineOf(points)} />
              </svg>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** `1,204, 310 more in 30 days`; of a shorter history, `since 2 Mar 2026`. Asked daily, so the last answer before a day is that day's. */
export function starsInWords(points: StarHistory['points'], today: string): string {
  const last = points.at(-1)
  const first = points[0]
  if (!last || !first) return ''
  const start = new Date(Date.parse(today) - WINDOW_DAYS * 86_400_000).toISOString().slice(0, 10)
  const before = points.findLast(({ day }) => day <= start)
  const change = last.stars - (before ?? first).stars
  const much =
    change === 0 ? 'as many as' : `${Math.abs(change).toLocaleString('en')} ${change > 0 ? 'more' : 'fewer'} than`
  return `${last.stars.toLocaleString('en')}, ${much} ${before ? `${WINDOW_DAYS} days ago` : `on ${shortDay(first.day)}`}`
}

/** Days from left to right, stars from the least to the most that were seen. */
function lineOf(points: StarHistory['points']): string {
  const times = points.map(({ day }) => Date.parse(day))
  const stars = points.map((one) => one.stars)
  const [from, low] = [Math.min(...times), Math.min(...stars)]
  const [span, height] = [Math.max(...times) - from || 1, Math.max(...stars) - low || 1]
  return points
    .map((one, index) => {
      const x = (((times[index] as number) - from) / span) * WIDTH
      const y = HEIGHT - ((one.stars - low) / height) * HEIGHT
      return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`
    })
    .join(' ')
}
