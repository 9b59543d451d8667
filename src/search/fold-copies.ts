import { foldForKey } from '../lib/tex/index.ts'
import { familyName } from '../papers/index.ts'

/** What tells whether two papers are copies of one work, such as a preprint and its version in proceedings. */
export type Likeness = { title: string; title_hash: number; byline: string }

/** Share of common words from which two titles by the same first author are one work under a slightly new name. */
const ALIKE_TITLES = 0.8

/**
 * Puts copies behind the first of them, keeping the order: each group is one work. Only what is in the list is compared,
 * so that pages joined hold every paper.
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

type Work = { hash: number; words: Set<string>; families: string[] }

function workOf({ title, title_hash, byline }: Likeness): Work {
  return {
    hash: title_hash,
    words: new Set(foldForKey(title).split(' ').filter(Boolean)),
    families: (JSON.parse(byline) as string[]).map((name) => foldForKey(familyName(name).family)),
  }
}

function isSameWork(a: Work, b: Work): boolean {
  const authorsKnown = a.families.length > 0 && b.families.length > 0
  if (authorsKnown && a.families[0] !== b.families[0]) return false
  // A short title says little, unless the authors agree: "Introduction".
  if (a.hash === b.hash) return authorsKnown || a.words.size >= 4
  if (!authorsKnown || Math.min(a.words.size, b.words.size) < 4) return false
  let common = 0
  for (const word of a.words) if (b.words.has(word)) common += 1
  return common / (a.words.size + b.words.size - common) >= ALIKE_TITLES
}
