import type { Db } from '../db/index.ts'
import { foldForKey } from '../lib/tex/index.ts'
import { authorKey, authorPath, canonicalCategory, cardsOf, categoryGroups } from '../papers/index.ts'
import type { PaperSearch } from './open-search.ts'
import type { SearchCondition, SearchField, SearchIndex } from './port.ts'
import { authorRows } from './queries.ts'

export type Suggestion = { kind: 'paper' | 'author' | 'category'; text: string; path: string }

const TITLES = 5
const AUTHORS = 3
const CATEGORIES = 2
/** Papers looked through for the names that begin so; names of many papers come first. */
const PAPERS_WITH_AUTHORS = 40
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
  const last = words.at(-1)
  if (!last || last.length < MIN_LENGTH || (!field && /["*:]|(?:^|\s)-/.test(text))) return []
  const index = search.ready()
  return [
    ...(field || !index ? [] : await titles(db, index, words, today)),
    ...(field === 'cat' || !index ? [] : await authors(db, index, words)),
    ...(field === 'author' ? [] : matchingCategories(words)),
  ]
}

/** Whole words but for the last one, which may go on. */
function conditionsFor(words: readonly string[], field: SearchField): SearchCondition[] {
  return words.map((text, n) => ({ field, kind: n === words.length - 1 ? 'prefix' : 'word', text }))
}

async function titles(db: Db, index: SearchIndex, words: readonly string[], today: string): Promise<Suggestion[]> {
  const { hits } = await index.search({
    text: words.join(' '),
    arms: 'lexical',
    conditions: conditionsFor(words, 'title'),
    limit: TITLES,
  })
  const cards = await cardsOf(
    db,
    hits.map((hit) => hit.id),
    today,
  )
  return cards.map((card) => ({ kind: 'paper', text: card.title, path: card.path }))
}

async function authors(db: Db, index: SearchIndex, words: readonly string[]): Promise<Suggestion[]> {
  const { hits } = await index.search({
    text: '',
    conditions: conditionsFor(words, 'authors'),
    limit: PAPERS_WITH_AUTHORS,
  })
  const folded = words.map(foldForKey)
  const counts = new Map<string, { name: string; papers: number }>()
  for (const { authors } of await authorRows(
    db,
    hits.map((hit) => hit.id),
  )) {
    for (const { name } of JSON.parse(authors) as { name: string }[]) {
      const parts = foldForKey(name).split(' ')
      if (!folded.every((word) => parts.some((part) => part.startsWith(word)))) continue
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

const wordsOf = (text: string) => text.split(/[\s,;?!()]+/).filter((word) => /[\p{L}\p{N}]/u.test(word))
