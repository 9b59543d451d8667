import type { Db } from '../db/index.ts'
import { foldForKey } from '../lib/tex/index.ts'
import { authorKey, authorPath, canonicalCategory, cardsOf, categoryGroups, type PaperId } from '../papers/index.ts'
import type { PaperSearch } from './open-search.ts'
import type { SearchIndex } from './port.ts'
import { type NameRow, nameRows } from './queries.ts'

export type Suggestion = { kind: 'paper' | 'author' | 'category'; text: string; path: string }

const TITLES = 5
const AUTHORS = 3
const CATEGORIES = 2
/** Papers whose titles are read: the index compares words by their stems, which "generati" and "general" share. */
const TITLES_LOOKED_AT = 25
/** Papers whose authors are read: the more, the better known who wrote most. */
const BYLINES_LOOKED_AT = 50
/** And so many characters of them, as stored: a paper of three thousand authors has 100,000. */
const MOST_OF_BYLINES = 200_000
/** One letter begins too much. */
const MIN_LENGTH = 2
const MAX_LENGTH = 120

const categories = categoryGroups()
  .flatMap((group) => group.archives)
  .flatMap((archive) => archive.categories)
  .filter((category) => category.aliasOf === undefined)
  .map(({ id, name }) => ({ id, name, words: [id.toLowerCase(), ...foldForKey(name).split(' ')] }))

/** What a reader may be about to type: titles, authors, categories. Empty for anything that uses the query syntax. */
export async function suggest(db: Db, search: PaperSearch, typed: string, today: string): Promise<Suggestion[]> {
  const text = typed.toWellFormed().slice(0, MAX_LENGTH).trimStart()
  const field = /^(author|cat):/i.exec(text)?.[1]?.toLowerCase()
  const words = wordsOf(field ? text.slice(field.length + 1) : text)
  // "GPT-4" and "graph n" so far say no more than the words before.
  if (words.length > 1 && (words.at(-1) as string).length < MIN_LENGTH) words.pop()
  const last = words.at(-1)
  if (!last || last.length < MIN_LENGTH || (!field && /["*:]|(?:^|\s)-/.test(text))) return []
  const index = search.ready()
  const asked = words.join(' ')
  const [titled, written] =
    field === 'cat' || !index
      ? [[], []]
      : await Promise.all([
          field ? [] : papersOf(index, asked, 'title', TITLES_LOOKED_AT),
          papersOf(index, asked, 'authors', BYLINES_LOOKED_AT),
        ])
  const rows = new Map((await nameRows(db, [...new Set([...titled, ...written])])).map((row) => [row.id, row]))
  const folded = words.flatMap((word) => foldForKey(word).split(' '))
  const rowsOf = (ids: PaperId[]) => ids.flatMap((id) => rows.get(id) ?? [])
  return [
    ...(await titles(db, rowsOf(titled), folded, today)),
    ...authors(rowsOf(written), folded),
    ...(field === 'author' ? [] : matchingCategories(words)),
  ]
}

async function papersOf(index: SearchIndex, text: string, typing: 'title' | 'authors', limit: number) {
  return (await index.search({ text, typing, limit })).hits.map((hit) => hit.id)
}

/** Whether each of the words begins some word of a text; both folded. */
const begins = (folded: string, words: readonly string[]) => {
  const text = ` ${folded}`
  return words.every((word) => text.includes(` ${word}`))
}

async function titles(db: Db, rows: NameRow[], words: readonly string[], today: string): Promise<Suggestion[]> {
  // A preprint and its copy have one title: one of them is enough.
  const ids = new Map<string, PaperId>()
  for (const row of rows) {
    if (ids.size === TITLES) break
    const key = foldForKey(row.title)
    if (!ids.has(key) && begins(key, words)) ids.set(key, row.id)
  }
  return (await cardsOf(db, [...ids.values()], today)).map((card) => ({
    kind: 'paper',
    text: card.title,
    path: card.path,
  }))
}

/** Names of many papers come first. */
function authors(rows: NameRow[], words: readonly string[]): Suggestion[] {
  const counts = new Map<string, { name: string; papers: number }>()
  let left = MOST_OF_BYLINES
  for (const row of rows) {
    // A collaboration of thousands is read once, not fifty times.
    left -= row.authors.length
    if (left < 0) break
    for (const { name } of JSON.parse(row.authors) as { name: string }[]) {
      if (!begins(foldedName(name), words)) continue
      const key = authorKey(name)
      const known = counts.get(key) ?? { name, papers: 0 }
      known.papers += 1
      counts.set(key, known)
    }
  }
  return [...counts]
    .sort(([, a], [, b]) => b.papers - a.papers || (a.name < b.name ? -1 : 1))
    .slice(0, AUTHORS)
    .map(([key, { name }]) => ({ kind: 'author', text: name, path: authorPath(key) }))
}

/** Nearly all names are plain, and folding takes longer than all else here. */
const foldedName = (name: string) => (/^[A-Za-z. ]*$/.test(name) ? name.toLowerCase() : foldForKey(name))

function matchingCategories(words: readonly string[]): Suggestion[] {
  const wanted = words.map((word) => word.toLowerCase())
  return categories
    .filter((category) => wanted.every((word) => category.words.some((one) => one.startsWith(word))))
    .slice(0, CATEGORIES)
    .map(({ id, name }) => ({ kind: 'category', text: `${id} ${name}`, path: `/categories/${canonicalCategory(id)}` }))
}

/** The parts of "multi-scale" are words of their own: looking for its beginning as one costs the index seconds. */
const wordsOf = (text: string) => text.split(/[\s,;?!()\p{Pd}]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word))
