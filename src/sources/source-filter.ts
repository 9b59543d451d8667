import { foldForKey } from '../lib/tex/index.ts'
import { authorKey, canonicalCategory, type PaperRecord } from '../papers/index.ts'

type Term = { field: 'category' | 'author' | 'word'; value: string; isPrefix: boolean; isNegative: boolean }
export type Filterable = { record: PaperRecord; subjects?: readonly string[] }
export type Filter = (item: Filterable) => boolean

const termPattern = /^(-?)(?:(cat|category|author|word):)?(?:"([^"]+)"|(\S.*))$/

/** Reads one term; a sentence says what is wrong with it. */
export function parseTerm(text: string): Term | { problem: string } {
  const match = termPattern.exec(text.trim())
  const value = (match?.[3] ?? match?.[4] ?? '').trim()
  if (!match || value.includes('"') || foldForKey(value) === '' || /^\w+:$/.test(value))
    return {
      problem: `"${text.slice(0, 60)}" is no filter: expected a word, cat:cs.CL or author:"Ada Byron", with - to leave out`,
    }
  const field = match[2]?.startsWith('cat') ? 'category' : match[2] === 'author' ? 'author' : 'word'
  const isPrefix = value.endsWith('*')
  return { field, value: fold(field, isPrefix ? value.slice(0, -1) : value), isPrefix, isNegative: match[1] === '-' }
}

function fold(field: Term['field'], value: string): string {
  if (field === 'category') return canonicalCategory(value).toLowerCase()
  return field === 'author' ? authorKey(value) : foldForKey(value)
}

/**
 * A paper passes when no negative term fits it and, for each field that has positive terms, at least one of them does.
 * `cat:cs.*` is every category of cs; an author fits by the whole folded name; words and phrases are sought in title and
 * abstract, whole unless they end in `*`.
 */
export function createFilter(terms: readonly string[]): Filter {
  const parsed = terms.map(parseTerm).filter((term): term is Term => !('problem' in term))
  if (parsed.length === 0) return () => true
  const negative = parsed.filter((term) => term.isNegative)
  const positive = [
    ...Map.groupBy(
      parsed.filter((term) => !term.isNegative),
      (term) => term.field,
    ).values(),
  ]
  return (item) => {
    const facts = factsOf(item)
    return (
      !negative.some((term) => fits(term, facts)) && positive.every((terms) => terms.some((term) => fits(term, facts)))
    )
  }
}

type Facts = { categories: string[]; authors: Set<string>; text: string }

function factsOf({ record, subjects = [] }: Filterable): Facts {
  const { title, abstract, summary } = record
  return {
    categories: [...record.categories.map(canonicalCategory), ...subjects].map((one) => one.toLowerCase()),
    authors: new Set(record.authors.map(({ name }) => authorKey(name))),
    text: ` ${foldForKey(title)} ${foldForKey(abstract ?? summary ?? '')} `,
  }
}

function fits({ field, value, isPrefix }: Term, { categories, authors, text }: Facts): boolean {
  if (field === 'author') return authors.has(value)
  if (field === 'word') return text.includes(isPrefix ? ` ${value}` : ` ${value} `)
  return isPrefix ? categories.some((category) => category.startsWith(value)) : categories.includes(value)
}
