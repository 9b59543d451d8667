import type { SearchCondition, SearchField, SearchFilter } from './port.ts'
import { readCategories } from './read-categories.ts'
import { type DayRange, readDayRange } from './read-day-range.ts'

/** Longer texts are cut: an abstract of the longest kind fits. The engine ranks by every word of it. */
export const MAX_QUERY_LENGTH = 2_000
/** More conditions than anybody writes by hand; the rest is ranked as words. */
const MAX_CONDITIONS = 32
/** A shorter beginning would match nearly everything. */
const MIN_PREFIX_LENGTH = 2

/** What a reader typed, understood. `conditions` and `filter` must hold; `text` is ranked by words and by meaning. */
export type ParsedQuery = {
  /** The query as it is shown again: cleaned and cut. */
  typed: string
  text: string
  conditions: SearchCondition[]
  filter: SearchFilter
  /** Whole sentences about what was not understood, and what was done instead. */
  mistakes: string[]
  /** Each part that narrows, as typed, with the query that is left without it. */
  narrowings: { part: string; without: string }[]
}

/** Whether there is something to rank by, beside what only narrows. */
export const hasWords = ({ text }: Pick<ParsedQuery, 'text'>) => /[\p{L}\p{N}]/u.test(text)

type Token = { start: number; end: number; negated: boolean; field?: string; value: string; quoted: boolean }

const fieldNames: Record<string, SearchField> = {
  title: 'title',
  ti: 'title',
  author: 'authors',
  authors: 'authors',
  au: 'authors',
  abstract: 'abstract',
  abs: 'abstract',
}
const filterNames = new Set(['cat', 'category', 'date', 'year', 'has', 'is'])
const knownNames = 'author:, title:, abstract:, cat:, date:, has:code and is:withdrawn'

/**
 * Reads a query: words, `"phrases"`, `-word`, `prefix*`, `title:`, `author:`, `abstract:`, `cat:cs.LG`,
 * `date:2025-03..2025-06`, `has:code`, `is:withdrawn`. Never throws: what cannot be understood is searched as words, and
 * a sentence says so. `categories`: ids in use here beside those of arXiv.
 */
export function parseQuery(given: string, categories: ReadonlySet<string> = new Set()): ParsedQuery {
  const { typed, cut } = cleaned(given)
  const query = new QueryBuilder(typed, categories)
  if (cut) query.mistakes.push(`Only the first ${MAX_QUERY_LENGTH.toLocaleString('en')} characters were searched.`)
  for (const token of tokensOf(typed, query.mistakes)) query.take(token)
  return query.finish()
}

/** Without what cannot be seen or stored: control characters, halves of characters, marks that turn the text around. */
function cleaned(given: string): { typed: string; cut: boolean } {
  const plain = given
    .toWellFormed()
    .replace(/[\p{Cc}\ufffd\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (plain.length <= MAX_QUERY_LENGTH) return { typed: plain, cut: false }
  const start = plain.slice(0, MAX_QUERY_LENGTH + 1)
  const typed = start.slice(0, Math.max(start.lastIndexOf(' '), MAX_QUERY_LENGTH / 2)).toWellFormed()
  return { typed: typed.replace(/\ufffd$/, ''), cut: true }
}

const quotes = /["“”„«»]/

function* tokensOf(typed: string, mistakes: string[]): Generator<Token> {
  let at = 0
  while (at < typed.length) {
    if (typed[at] === ' ') {
      at += 1
      continue
    }
    const start = at
    const negated = typed[at] === '-' && /[^\s-]/.test(typed[at + 1] ?? ' ')
    if (negated) at += 1
    const field = /^[a-z]+(?=:\S)/i.exec(typed.slice(at, at + 20))?.[0]
    if (field !== undefined) at += field.length + 1
    const isQuoted = quotes.test(typed[at] as string)
    const end = isQuoted ? closingQuote(typed, at + 1) : wordEnd(typed, at)
    if (isQuoted && end < 0) {
      mistakes.push('A quotation mark is not closed, so what follows it was searched as words.')
      // The words behind the mark are read as if it were not there; a field in front of it still holds for the first.
      const next = wordEnd(typed, at + 1)
      const value = typed.slice(at + 1, next).trim()
      if (value) yield { start, end: next, negated, ...(field ? { field } : {}), value, quoted: false }
      at = Math.max(next, at + 1)
      continue
    }
    const value = isQuoted ? typed.slice(at + 1, end) : typed.slice(at, end)
    at = isQuoted ? end + 1 : end
    yield { start, end: at, negated, ...(field ? { field } : {}), value: value.trim(), quoted: isQuoted }
  }
}

function closingQuote(typed: string, from: number): number {
  const length = typed.slice(from).search(quotes)
  return length < 0 ? -1 : from + length
}

function wordEnd(typed: string, from: number): number {
  const length = typed.slice(from).search(/["“”„«»\s]/)
  return length < 0 ? typed.length : from + Math.max(length, 1)
}

class QueryBuilder {
  readonly mistakes: string[] = []
  private readonly words: string[] = []
  private readonly conditions: SearchCondition[] = []
  private readonly narrowing: Token[] = []
  private readonly categoryGroups: string[][] = []
  private readonly withoutCategories: string[] = []
  private days: DayRange = {}
  private hasCode: boolean | undefined
  private isWithdrawn: boolean | undefined
  private readonly typed: string
  private readonly categories: ReadonlySet<string>

  constructor(typed: string, categories: ReadonlySet<string>) {
    this.typed = typed
    this.categories = categories
  }

  take(token: Token): void {
    const field = token.field?.toLowerCase()
    if (field === undefined) this.takeWords(token, undefined)
    else if (field in fieldNames) this.takeWords(token, fieldNames[field])
    else if (filterNames.has(field)) this.takeFilter(token, field)
    else {
      // "Title:Subtitle" and addresses are no attempts at our syntax; a lone small word before the colon is.
      if (/^[a-z]{2,10}$/.test(token.field as string) && !token.value.startsWith('//'))
        this.mistakes.push(
          `There is no field "${token.field}:", so it was searched as words. The fields are ${knownNames}.`,
        )
      this.searchAsWords(token)
    }
  }

  private takeWords(token: Token, field: SearchField | undefined): void {
    const { negated, quoted } = token
    const value = quoted ? token.value : token.value.replace(/^[+(]+|[),;]+$/g, '')
    if (!/[\p{L}\p{N}]/u.test(value)) {
      if (field === undefined && !negated) this.words.push(token.value)
      return
    }
    const bare = field === undefined && !quoted ? /^([a-z]+):$/i.exec(value)?.[1]?.toLowerCase() : undefined
    if (bare !== undefined && (bare in fieldNames || filterNames.has(bare)))
      this.mistakes.push(`"${bare}:" needs its value right behind it, without a space. It was searched as a word.`)
    if (field === undefined && !quoted && /^(AND|OR|NOT)$/.test(value)) {
      this.mistakes.push(
        value === 'NOT'
          ? 'NOT is no operator here: write -word to leave a word out.'
          : `${value} is no operator here: papers that hold more of the words come first by themselves.`,
      )
      return
    }
    if (field !== undefined && !quoted && /^-./.test(value)) {
      const word = value.slice(1)
      this.mistakes.push(
        `To leave a word out, put the minus in front of the field: -${token.field}:${word.slice(0, 40)}. It was searched as a word.`,
      )
      this.searchAsWords({ ...token, value: word })
      return
    }
    if (quoted && /[\p{L}\p{N}]\*/u.test(value)) {
      this.mistakes.push(
        'Within quotation marks there are whole words only, no beginnings (*): they were searched as words.',
      )
      this.searchAsWords({ ...token, value: value.replaceAll('*', ' ').replace(/\s+/g, ' ').trim() })
      return
    }
    const base = { ...(field ? { field } : {}), ...(negated ? { negated } : {}) }
    const stem = value.replace(/\*+$/, '')
    if (!quoted && stem !== value) {
      // Of `multi-s*` the last part is the beginning: one letter of it would match nearly everything too.
      if ([...(stem.split(/\p{Pd}/u).at(-1) as string)].length < MIN_PREFIX_LENGTH) {
        this.mistakes.push(`"${value}" is too short a beginning: write at least ${MIN_PREFIX_LENGTH} letters before *.`)
        this.searchAsWords({ ...token, value: stem })
      } else this.require(token, { ...base, kind: 'prefix', text: stem })
    } else if (quoted) {
      this.require(token, { ...base, kind: 'phrase', text: value })
      if (!negated && field !== 'authors') this.words.push(value)
    } else if (field !== undefined || negated) {
      this.require(token, { ...base, kind: 'word', text: value })
      if (!negated && field !== 'authors') this.words.push(value)
    } else this.words.push(token.value)
  }

  private takeFilter(token: Token, field: string): void {
    const problem =
      field === 'cat' || field === 'category'
        ? this.takeCategory(token)
        : field === 'date' || field === 'year'
          ? this.takeDays(token)
          : this.takeMark(token, field)
    if (problem === undefined) this.narrowing.push(token)
    else {
      this.mistakes.push(problem)
      this.searchAsWords(token)
    }
  }

  private takeCategory({ value, negated }: Token): string | undefined {
    const found = readCategories(value, this.categories)
    if ('unknown' in found)
      return `There is no category "${found.unknown.slice(0, 40)}", so it was searched as words. ${hint(found.near)}`
    if (negated) this.withoutCategories.push(...found.categories)
    else this.categoryGroups.push(found.categories)
    return undefined
  }

  private takeDays({ value, negated }: Token): string | undefined {
    if (negated)
      return 'A date cannot be left out with a minus: give the range you want, such as date:..2024 or date:2025-03.. It was searched as words.'
    const range = readDayRange(value)
    if (typeof range === 'string') return `${range} It was searched as words.`
    const { fromDay, toDay } = range
    if (fromDay !== undefined) this.days.fromDay = Math.max(fromDay, this.days.fromDay ?? fromDay)
    if (toDay !== undefined) this.days.toDay = Math.min(toDay, this.days.toDay ?? toDay)
    return undefined
  }

  private takeMark({ value, negated }: Token, field: string): string | undefined {
    const mark = `${field}:${value.toLowerCase()}`
    if (mark === 'has:code') this.hasCode = !negated
    else if (mark === 'is:withdrawn') this.isWithdrawn = !negated
    else
      return `"${field}:${value.slice(0, 40)}" is not known, so it was searched as words. There are has:code and is:withdrawn.`
    return undefined
  }

  private require(token: Token, condition: SearchCondition): void {
    if (this.conditions.length >= MAX_CONDITIONS) {
      if (this.conditions.length === MAX_CONDITIONS)
        this.mistakes.push(`Only the first ${MAX_CONDITIONS} conditions were kept.`)
      this.searchAsWords(token)
      return
    }
    this.conditions.push(condition)
    this.narrowing.push(token)
  }

  private searchAsWords({ value }: Token): void {
    if (value) this.words.push(value)
  }

  finish(): ParsedQuery {
    const { typed, narrowing } = this
    const filter: SearchFilter = {
      ...(this.categoryGroups.length > 0 ? { categories: this.categoryGroups } : {}),
      ...(this.withoutCategories.length > 0 ? { withoutCategories: this.withoutCategories } : {}),
      ...this.days,
      ...(this.hasCode === undefined ? {} : { hasCode: this.hasCode }),
      ...(this.isWithdrawn ? { withdrawn: 'only' as const } : {}),
    }
    const text = this.words.join(' ')
    if (typed !== '' && narrowing.length === 0 && this.mistakes.length === 0 && !hasWords({ text }))
      this.mistakes.push('There is no word in that to look for, so here are all papers, the newest first.')
    return {
      typed,
      text,
      conditions: this.conditions,
      filter,
      mistakes: [...new Set(this.mistakes)],
      narrowings: narrowing.map(({ start, end }) => ({
        part: typed.slice(start, end),
        without: `${typed.slice(0, start)} ${typed.slice(end)}`.replace(/\s+/g, ' ').trim(),
      })),
    }
  }
}

const hint = (categories: readonly string[]) =>
  categories.length > 0 ? `Did you mean cat:${categories.join(',')}?` : 'The list is at /categories.'
