import type { PaperRecord } from '../src/papers/index.ts'

/** A record with nothing but what a test cares about. */
export function record(part: Partial<PaperRecord> & { title: string }): PaperRecord {
  return { identifiers: [], authors: [], categories: [], versions: [], links: [], ...part }
}

export const arxiv = (id: string) => ({ source: 'arxiv', id })

/** Five papers that tests tell stories about: made up, with the oddities of real ones. */
export const attention = record({
  identifiers: [arxiv('2601.00001')],
  title: 'Attention in small rooms: a na\\"{\\i}ve view of $\\ell_2$ norms',
  abstract: 'We look at rooms.\nThey are small, and $x < y$ holds in all of them.',
  authors: [{ name: "Jos\\'e Garc\\'ia" }, { name: 'Ada Byron' }],
  categories: ['cs.LG', 'stat.TH'],
  submittedAt: '2026-01-01T18:30:14.000Z',
  versions: [{ version: 1, submittedAt: '2026-01-01T18:30:14.000Z' }],
  links: [{ kind: 'code', url: 'https://github.com/example/rooms', stars: 12 }],
})
export const zero = record({
  identifiers: [arxiv('2104.12255')],
  title: '0',
  authors: [{ name: 'Zoe Null' }],
  categories: ['math.NA'],
})
export const oldStyle = record({
  identifiers: [arxiv('hep-th/9901001')],
  title: 'Strings before the web',
  authors: [{ name: 'Old Author' }],
  categories: ['hep-th'],
  datedOn: '1999-01-04',
})
export const withdrawn = record({
  identifiers: [arxiv('2601.00002')],
  title: 'A result that did not hold',
  authors: [{ name: 'Honest Person' }],
  categories: ['cs.CL'],
  comment: 'Withdrawn: a sign error in Lemma 2',
  versions: [{ version: 1 }, { version: 2, withdrawn: true }],
})
export const unknownAuthors = record({
  title: 'Growing tomatoes with gradient descent in public gardens',
  summary: 'A summary of ours. It has two sentences.',
})
export const fivePapers = [attention, zero, oldStyle, withdrawn, unknownAuthors]
