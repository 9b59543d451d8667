import {
  authorsShown,
  categoriesShown,
  countLine,
  type DigestContent,
  type Entry,
  headingOf,
  moreLine,
  noticesOf,
  ownLinks,
  votesLine,
  whyYouGetThis,
} from './mail-words.ts'

const WIDTH = 72

/** The text part: for terminals and screen readers, in the order of the HTML, with every link written out. */
export function digestText(content: DigestContent, notShown = 0): string {
  const { site, entries, links } = content
  const more = moreLine(content, notShown)
  const categories = categoriesShown(content).map(([category, count]) => `${category} ${count}`)
  return [
    headingOf(content),
    '='.repeat(Math.min(headingOf(content).length, WIDTH)),
    `${countLine(content)} from ${site.name}`,
    `Read on the site: ${links.web}`,
    '',
    ...noticesOf(content).flatMap((notice) => [...wrap(notice, ''), '']),
    ...entries.flatMap((entry, index) => [...entryLines(entry, index + 1, content), '']),
    ...(more ? [`${more}: ${links.web}`, ''] : []),
    ...(categories.length > 0 ? [...wrap(`The whole edition by category: ${categories.join(', ')}`, ''), ''] : []),
    '-- ',
    ...wrap(whyYouGetThis(content), ''),
    '',
    ...ownLinks(content, 'long').map(({ label, url }) => `${label}: ${url}`),
    `About the mail: ${links.help}`,
    ...(site.contact ? [`Write to us: ${site.contact}`] : []),
    '',
  ].join('\n')
}

function entryLines({ paper, why }: Entry, place: number, { site, followed }: DigestContent): string[] {
  const number = `${String(place).padStart(2)}. `
  const indent = ' '.repeat(number.length)
  const { names, more } = authorsShown(paper, followed)
  const shown = names.map(({ name, isFollowed }) => (isFollowed ? `*${name}*` : name))
  const authors =
    shown.length === 0 ? 'Authors not known yet' : shown.join(', ') + (more > 0 ? ` and ${more} more` : '')
  const facts = [votesLine(paper), ...(paper.elsewhere ?? []), paper.categories.join(', '), paper.mark ?? ''].filter(
    (part) => part !== '',
  )
  return [
    ...wrap(paper.title, indent, number),
    ...wrap(authors, indent),
    ...(paper.summary ? wrap(paper.summary, indent) : []),
    ...(facts.length > 0 ? wrap(facts.join(' | '), indent) : []),
    ...wrap(why, indent),
    `${indent}${site.baseUrl}${paper.path}`,
    ...paper.links.map(({ label, url }) => `${indent}${label}: ${url}`),
  ]
}

/** Lines of at most 72 characters; a word longer than that has a line of its own. */
export function wrap(text: string, indent: string, first = indent): string[] {
  const lines: string[] = []
  let line = first
  let isEmpty = true
  for (const word of text.split(/\s+/)) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = indent
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, line]
}
