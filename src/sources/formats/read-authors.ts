import { type AuthorRecord, splitAuthors } from '../../papers/index.ts'
import { cleanText } from './decode-text.ts'
import { BadRecord, excerpt } from './import-item.ts'

const suffixPattern = /^(?:jr|sr)\.?$|^(?:II|III|IV)$/i
/** Signs that a list was made by cutting one string at its commas, or that an entry holds more than a name. */
const suspicious =
  /[,;:&()\n]|^and\s|\sand$|^(?:jr|sr)\.?$|^(?:II|III|IV)$|^et\.? al|^(?:for|on behalf of) |^the .*(?:collaboration|group|team)$/i
const oneComma = /^[^,()\n]+,\s[^,()\n]+$/
const familyFirst = /^(?:\S+|(?:[a-z][\w']*\s+)+\S+|\{.*\}),|,\s+(?:\S+|(?:\p{Lu}\.\s*)+)$/u

/** Reads authors in any of the shapes files have: one string, names, objects, or `[last, first, suffix]` lists. */
export function readAuthors(value: unknown): AuthorRecord[] {
  if (value === undefined || value === null) return []
  if (typeof value === 'string') return authorsOfText(cleanText(value))
  if (!Array.isArray(value)) throw new BadRecord('authors', `expected a list of names, got ${excerpt(value)}`)
  if (value.every((entry) => typeof entry === 'string')) return authorsOfNames(value)
  const authors = value.map(authorOfEntry)
  const isPlain = authors.every(({ affiliation }) => affiliation === undefined)
  return isPlain ? authorsOfNames(authors.map(({ name }) => name)) : authors.filter(({ name }) => name !== '')
}

/** One string: names after commas, or `Last, First; Last, First`. */
export function authorsOfText(text: string): AuthorRecord[] {
  const parts = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (isInverted(parts)) return parts.map((part) => ({ name: uninvertName(part) }))
  return splitAuthors(text)
}

function authorsOfNames(names: readonly string[]): AuthorRecord[] {
  const authors: AuthorRecord[] = []
  for (const raw of names) {
    const name = cleanText(raw)
    if (suspicious.test(name)) return authorsOfDoubtfulNames(names.map(cleanText))
    if (name !== '') authors.push({ name })
  }
  return authors
}

/** Joins a list that was cut in the wrong places and splits it again, unless it is a list of `Last, First`. */
function authorsOfDoubtfulNames(names: readonly string[]): AuthorRecord[] {
  const present = names.filter((name) => name !== '')
  return isInverted(present) ? present.map((name) => ({ name: uninvertName(name) })) : splitAuthors(present.join(', '))
}

/** Every name has one comma, and what stands on one side of it cannot be a whole name. */
function isInverted(names: readonly string[]): boolean {
  return (
    names.length > 0 &&
    names.every((name) => oneComma.test(name) && familyFirst.test(name) && !suffixPattern.test(name.split(/,\s*/)[1]!))
  )
}

/** `Last, First`, `Last, Jr., First` and `Last, First, Jr.` as people say it; a name without comma as it is. */
export function uninvertName(name: string): string {
  const parts = splitOutsideBraces(name)
  const [last = '', second = '', third = ''] = parts
  if (parts.length === 1 || second === '') return last
  if (third === '') return suffixPattern.test(second) ? `${last} ${second}` : `${second} ${last}`
  return suffixPattern.test(third) ? `${second} ${last} ${third}` : `${third} ${last} ${second}`
}

function splitOutsideBraces(name: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < name.length; at++) {
    if (name[at] === '{') depth += 1
    else if (name[at] === '}') depth -= 1
    else if (name[at] === ',' && depth === 0) {
      parts.push(name.slice(start, at).trim())
      start = at + 1
    }
  }
  return [...parts, name.slice(start).trim()]
}

function authorOfEntry(entry: unknown): AuthorRecord {
  if (typeof entry === 'string') return { name: cleanText(entry) }
  if (Array.isArray(entry)) {
    const [last = '', first = '', suffix = ''] = entry.map((part) => (typeof part === 'string' ? cleanText(part) : ''))
    return { name: [first, last, suffix].filter((part) => part !== '').join(' ') }
  }
  if (typeof entry !== 'object' || entry === null) {
    throw new BadRecord('authors', `expected a name, got ${excerpt(entry)}`)
  }
  const fields = entry as Record<string, unknown>
  const text = (...names: string[]) => {
    const found = names.map((name) => fields[name]).find((one) => typeof one === 'string' && one.trim() !== '')
    return cleanText((found as string | undefined) ?? '')
  }
  const parts = [
    text('first', 'given', 'forenames', 'firstName'),
    text('last', 'family', 'keyname', 'lastName'),
    text('suffix'),
  ]
  const name = text('name', 'fullname', 'literal') || parts.filter((part) => part !== '').join(' ')
  const affiliation = text('affiliation') || affiliationsOf(fields.affiliations ?? fields.affiliation)
  return affiliation === '' ? { name } : { name, affiliation }
}

function affiliationsOf(value: unknown): string {
  if (!Array.isArray(value)) return ''
  return value
    .filter((one) => typeof one === 'string')
    .map(cleanText)
    .filter((one) => one !== '')
    .join(', ')
}
