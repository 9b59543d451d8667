import type { Db } from '../db/index.ts'
import { foldForKey } from '../lib/tex/index.ts'
import { authorKey, authorPath, canonicalCategory, cardsOf, categoryGroups, type PaperId } from '../papers/index.ts'
import type { PaperSearch } from './open-search.ts'
import type { SearchCondition, SearchIndex } from './port.ts'
import { type NameRow, nameRows } from './queries.ts'

export type Suggestion = { kind: 'paper' | 'author' | 'category'; text: string; path: string }

const TITLES = 5
const AUTHORS = 3
const CATEGORIES = 2
/** Papers looked through for titles and names; those that hold the words in another place are passed over. */
const PAPERS_LOOKED_AT = 120
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
  const rows = field === 'cat' || !index ? [] : await papersHolding(db, index, words)
  return [
    ...(field ? [] : await titles(db, rows, words, today)),
    ...authors(rows, words),
    ...(field === 'author' ? [] : matchingCategories(words)),
  ]
}

/**
 * Papers that hold the words anywhere, the last of which may go on; best first. In which field they stand is found out
 * here: asking the index for one field makes it read every paper that it would leave out.
 */
async function papersHolding(db: Db, index: SearchIndex, words: readonly string[]): Promise<NameRow[]> {
  const conditions = words.map(
    (text, n): SearchCondition => ({ kind: n === words.length - 1 ? 'prefix' : 'word', text }),
  )
  const text = words.slice(0, -1).join(' ')
  const { hits } = await index.search({ text, arms: 'lexical', conditions, limit: PAPERS_LOOKED_AT })
  const rows = new Map(
    (
      await nameRows(
        db,
        hits.map((hit) => hit.id),
      )
    ).map((row) => [row.id, row]),
  )
  return hits.flatMap((hit) => rows.get(hit.id) ?? [])
}

const begins = (text: string, words: readonly string[]) => {
  const parts = foldForKey(text).split(' ')
  return words.every((word) =>
    foldForKey(word)
      .split(' ')
      .every((one) => parts.some((part) => part.startsWith(one))),
  )
}

async function titles(db: Db, rows: NameRow[], words: readonly string[], today: string): Promise<Suggestion[]> {
  const ids: PaperId[] = []
  for (const row of rows) if (ids.length < TITLES && begins(row.title, words)) ids.push(row.id)
  return (await cardsOf(db, ids, today)).map((card) => ({ kind: 'paper', text: card.title, path: card.path }))
}

/** Names of many papers come first. */
function authors(rows: NameRow[], words: readonly string[]): Suggestion[] {
  const counts = new Map<string, { name: string; papers: number }>()
  const first = foldForKey(words[0] as string)
  for (const row of rows) {
    // Most papers name nobody of that name; folding the whole list once tells.
    if (!foldForKey(row.authors).includes(first)) continue
    for (const { name } of JSON.parse(row.authors) as { name: string }[]) {
      if (!begins(name, words)) continue
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

function matchingCategories(words: readonly string[]): Suggestion[] {
  const wanted = words.map((word) => word.toLowerCase())
  return categories
    .filter((category) => wanted.every((word) => category.words.some((one) => one.startsWith(word))))
    .slice(0, CATEGORIES)
    .map(({ id, name }) => ({ kind: 'category', text: `${id} ${name}`, path: `/categories/${canonicalCategory(id)}` }))
}

/** The parts of "multi-scale" are words of their own: looking for its beginning as one costs the index seconds. */
const wordsOf = (text: string) => text.split(/[\s,;?!()\p{Pd}]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word))
