import { foldForKey } from '../lib/tex/index.ts'
import { familyName } from '../papers/index.ts'

/** What tells whether two papers are copies of one work, such as a preprint and its version in proceedings. */
export type Likeness = { title: string; title_hash: number; byline: string }

/** Share of common words from which two titles by the same first author are one work under a slightly new name. */
const ALIKE_TITLES = 0.8

/**
 * Puts copies behind the first of them, keeping the order: each group is one work. Only what is in the list is compared.
 */
export function foldCopies<T>(items: readonly T[], likenessOf: (item: T) => Likeness | undefined): T[][] {
  const groups: { items: T[]; work: Work | undefined }[] = []
  for (const item of items) {
    const likeness = likenessOf(item)
    const work = likeness && workOf(likeness)
    const group = work && groups.find((one) => one.work && isSameWork(one.work, work))
    if (group) group.items.push(item)
    else groups.push({ items: [item], work })
  }
  return groups.map((group) => group.items)
}

/** Whether two papers are copies of one work. */
export const areCopies = (a: Likeness, b: Likeness): boolean => isSameWork(workOf(a), workOf(b))

type Work = { hash: number; title: string; first: string | undefined; words?: Set<string> }

function workOf({ title, title_hash, byline }: Likeness): Work {
  const [first] = JSON.parse(byline) as string[]
  return { hash: title_hash, title, first: first === undefined ? undefined : foldForKey(familyName(first).family) }
}

/** Most papers are told apart by their first author: few titles need to be read. */
function wordsOf(work: Work): Set<string> {
  work.words ??= new Set(foldForKey(work.title).split(' ').filter(Boolean))
  return work.words
}

function isSameWork(a: Work, b: Work): boolean {
  const authorsKnown = a.first !== undefined && b.first !== undefined
  if (authorsKnown && a.first !== b.first) return false
  // A short title says little, unless the authors agree: "Introduction".
  if (a.hash === b.hash) return authorsKnown || wordsOf(a).size >= 4
  if (!authorsKnown || Math.min(wordsOf(a).size, wordsOf(b).size) < 4) return false
  let common = 0
  for (const word of wordsOf(a)) if (wordsOf(b).has(word)) common += 1
  return common / (wordsOf(a).size + wordsOf(b).size - common) >= ALIKE_TITLES
}
