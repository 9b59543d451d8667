import { dayInWords, type PaperDetail } from '../../papers/index.ts'
import { instant } from './dates.ts'

/** Every date we know, each with what it means and its zone. */
export function PaperDates({ paper }: { paper: PaperDetail }) {
  const { row, versions } = paper.state
  const dates: [string, string][] = []
  if (row.announced_on) dates.push(['Announced', `${dayInWords(row.announced_on)} (New York)`])
  if (row.submitted_at) dates.push(['Submitted', instant(row.submitted_at)])
  if (row.updated_at) dates.push(['Updated', instant(row.updated_at)])
  if (row.dated_on && !row.announced_on) dates.push(['Dated', dayInWords(row.dated_on)])
  if (paper.card.listing) dates.push(['Listed here', dayInWords(paper.card.listing.day)])
  dates.push(['First stored here', instant(row.first_seen_at)])
  if (versions.length > 0)
    dates.push([
      'Versions',
      versions
        .map(
          (one) =>
            `v${one.version}${one.submittedAt ? ` (${instant(one.submittedAt)})` : ''}${one.withdrawn ? ' withdrawn' : ''}`,
        )
        .join(', '),
    ])
  if (row.licence) dates.push(['Licence', row.licence])
  return (
    <dl class="dates">
      {dates.map(([term, value]) => (
        <div>
          <dt>{term}</dt>
          <dd>{term === 'Licence' && /^https?:/.test(value) ? <a href={value}>{licenceName(value)}</a> : value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The short name of the licences arXiv offers; another one is shown by its address. */
function licenceName(url: string): string {
  const creative = /creativecommons\.org\/(?:licenses|publicdomain)\/([a-z-]+)\/([\d.]+)/.exec(url)
  if (creative) return creative[1] === 'zero' ? `CC0 ${creative[2]}` : `CC ${creative[1]?.toUpperCase()} ${creative[2]}`
  return url.includes('nonexclusive-distrib') ? 'arXiv non-exclusive licence' : url
}
