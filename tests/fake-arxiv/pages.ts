// Pages and feeds as arXiv writes them.
import { type Day, dateInWords, dayInWords } from '../../src/papers/index.ts'
import { announcementsOf, type Plan, type PlannedKind, type PlannedPaper, recordOn } from './plan.ts'

export const escapeXml = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
const plain = (tex: string) => tex.replace(/\\["'H]\{?([A-Za-z])\}?/g, '$1')
const names: Record<string, string> = { 'cs.AI': 'Artificial Intelligence', 'cs.LG': 'Machine Learning' }

type Line = { paper: PlannedPaper; kind: PlannedKind; version: number }
const sections: [title: string, kinds: PlannedKind[]][] = [
  ['New submissions', ['new']],
  ['Cross submissions', ['cross']],
  ['Replacement submissions', ['replace', 'replace-cross']],
]

export function listingPage(plan: Plan, subject: string, day: Day, skip: number, show: number): string {
  const lines = announcementsOf(plan, subject, day)
  const head =
    `<h1>${names[subject] ?? subject}</h1><h3>Showing new listings for ${dayInWords(day)}</h3>` +
    `<div class='paging'>Total of ${lines.length} entries </div>` +
    `<div class='morefewer'>Showing up to ${show} entries per page: <a href="/list/${subject}/new?skip=0&amp;show=500">fewer</a></div>`
  return page(head + list(lines, day, skip, show, 'No updates today.'))
}

export function catchupPage(plan: Plan, subject: string, day: Day, number: number, newest: Day): string {
  const lines = announcementsOf(plan, subject, day)
  const next = plan.labels.find((label) => label.day > day && label.day <= newest)?.day
  const words = `${new Date(`${day}T12:00:00Z`).toUTCString().slice(0, 3)}, ${shortDate(day)}`
  const link = next ? `<a href="/catchup/${subject}/${next}?abs=True">Continue to the next day</a>` : ''
  const head =
    `<h1>Catchup results for ${names[subject] ?? subject} on ${words}</h1>` +
    `<div class="paging">Total of ${lines.length} entries for ${words}</div>${link}`
  return page(head + list(lines, day, (number - 1) * 2_000, 2_000, `No updates for ${words}`))
}

function list(lines: Line[], day: Day, skip: number, show: number, nothing: string): string {
  if (lines.length === 0) return `<p>${nothing}</p>`
  let before = 0
  const parts = sections.map(([title, kinds]) => {
    const all = lines.filter(({ kind }) => kinds.includes(kind))
    const from = Math.max(0, skip - before)
    const to = Math.min(all.length, skip + show - before)
    const shown = all.slice(from, Math.max(from, to))
    const start = before + from
    before += all.length
    if (shown.length === 0) return ''
    const cut = shown.length < all.length ? (from > 0 ? 'continued, showing last' : 'showing first') : 'showing'
    const head = `<h3>${title} (${cut} ${shown.length} of ${all.length} entries)</h3>`
    return head + shown.map((line, index) => entry(line, start + index + 1, day)).join('')
  })
  return `<dl id='articles'>${parts.join('')}</dl>`
}

function entry({ paper, kind, version }: Line, number: number, day: Day): string {
  const { id, categories } = paper
  const record = recordOn(paper, day)!
  const { title, comment } = record.versions[version - 1] ?? record.versions.at(-1)!
  const note = kind === 'cross' ? `(cross-list from ${categories[0]})` : kind === 'new' ? '' : '(replaced)'
  const subject = (category: string) => `${names[category] ?? 'Some Subject'} (${category})`
  return `
<dt>
  <a name='item${number}'>[${number}]</a>
  <a href ="/abs/${id}" title="Abstract" id="${id}">
    arXiv:${id}
  </a>
      ${note}
    [<a href="/pdf/${id}" title="Download PDF" id="pdf-${id}">pdf</a>, <a href="/format/${id}">other</a>]
</dt>
<dd>
  <div class='meta'>
    <div class='list-title mathjax'><span class='descriptor'>Title:</span>
      ${escapeXml(plain(title))}
    </div>
    <div class='list-authors'><a href="https://arxiv.org/search/cs?searchtype=author&amp;query=Byron,+A">Ada Byron</a>, <a href="https://arxiv.org/search/">José García</a></div>
    ${comment ? `<div class='list-comments mathjax'><span class='descriptor'>Comments:</span>\n      ${escapeXml(comment)}\n    </div>` : ''}
    <div class='list-subjects'><span class='descriptor'>Subjects:</span>
      <span class="primary-subject">${subject(categories[0]!)}</span>${categories
        .slice(1)
        .map((one) => `; ${subject(one)}`)
        .join('')}
    </div>
    ${kind.startsWith('replace') ? '' : `<p class='mathjax'>\n      ${escapeXml(paper.abstract.trim())}\n    </p>`}
  </div>
</dd>`
}

const page = (body: string) =>
  `<!DOCTYPE html><html lang="en"><head><title>arXiv</title></head><body><div id="content">${body}</div></body></html>`

/** `12 Aug 2026` */
function shortDate(day: Day): string {
  const [date, month, year] = dateInWords(day).split(' ') as [string, string, string]
  return `${date} ${month.slice(0, 3)} ${year}`
}

export function feedPage(plan: Plan, subject: string, day: Day, builtAt: Date): string {
  const items = announcementsOf(plan, subject, day).map(({ paper, kind, version }) => {
    const { title } = paper.versions[version - 1] ?? paper.versions.at(-1)!
    return `<item><title>${escapeXml(title)}</title><link>https://arxiv.org/abs/${paper.id}</link>
<description>arXiv:${paper.id}v${version} Announce Type: ${kind} \nAbstract: ${escapeXml(paper.abstract)}</description>
<guid isPermaLink="false">oai:arXiv.org:${paper.id}v${version}</guid><arxiv:announce_type>${kind}</arxiv:announce_type>
<dc:creator>Ada Byron, Jos\\'e Garc\\'ia</dc:creator></item>`
  })
  return `<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
<title>${subject} updates on arXiv.org</title><managingEditor>rss-help@arxiv.org</managingEditor>
<pubDate>${builtAt.toUTCString()}</pubDate><skipDays><day>Sunday</day><day>Saturday</day></skipDays>${items.join('')}</channel></rss>`
}
