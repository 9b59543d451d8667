import type { EngineField } from '../document.ts'
import { emptyForwardText, type ForwardText } from '../segments/forward-text.ts'
import type { Segment } from '../segments/snapshot.ts'
import type { TextPart } from '../segments/text-part.ts'
import { stem } from '../text/stem.ts'
import { withoutTexAccents } from '../text/tex-commands.ts'
import { tokenize } from '../text/tokenize.ts'
import { common, either, listOf, noDocuments, those } from './document-lists.ts'
import type { EngineCondition } from './engine-query.ts'
import { listsOf } from './field-lists.ts'
import { inField as postingsInField, type ShortField } from './field-postings.ts'
import type { Mask } from './filter-mask.ts'
import { type QueryWord, queryWords } from './query-words.ts'

const allLists = Object.values(listsOf)

/** Narrows a mask to the documents that meet the conditions. */
export function narrow({ text }: Segment, conditions: readonly EngineCondition[], mask: Mask): Mask {
  let narrowed = mask
  for (const condition of conditions) {
    const { allowed } = narrowed
    const met = documentsOf(text, condition, allowed)
    const wanted = condition.negated ? 0 : 1
    const next = wanted ? new Uint8Array(text.count) : (allowed?.slice() ?? new Uint8Array(text.count).fill(1))
    let changed = 0
    for (let i = 0; i < met.length; i++) {
      const document = met[i]!
      if (allowed && !allowed[document]) continue
      next[document] = wanted
      changed++
    }
    narrowed = { allowed: next, count: wanted ? changed : narrowed.count - changed }
  }
  return narrowed
}

/** The documents that hold the words, in the field where one is named: every one of them, or any. The rarest is read first. */
export function holding(text: TextPart, words: readonly QueryWord[], every: boolean, field?: ShortField): Uint16Array {
  const lists = words.map((word) => withWord(text, word, field)).sort((a, b) => a.length - b.length)
  if (every) return lists.reduce(common)
  if (lists.length === 1) return lists[0]!
  const found = new Uint8Array(text.count)
  for (const list of lists) for (let i = 0; i < list.length; i++) found[list[i]!] = 1
  return listOf(found)
}

function documentsOf(text: TextPart, condition: EngineCondition, allowed: Uint8Array | undefined): Uint16Array {
  const { kind, field } = condition
  if (kind === 'phrase') return withPhrase(text, termsInOrder(condition.text), field, allowed)
  if (kind === 'prefix') return withPrefix(text, condition.text, field, allowed)
  const words = queryWords(condition.text)
  if (words.length === 0) return noDocuments
  const found = holding(text, words, true, shortOf(field))
  return field && !isShort(field) ? inField(text, found, field, allowed, words) : found
}

function withWord(text: TextPart, word: QueryWord, field?: ShortField): Uint16Array {
  return word.alternatives.map((stems) => withTerms(text, stems, field)).reduce(either, noDocuments)
}

/** The documents that hold all of these terms, in the field where one is named. */
function withTerms(text: TextPart, stems: readonly string[], field?: ShortField): Uint16Array {
  const terms = [...new Set(stems.map((one) => text.dictionary.termOf(one)))]
  if (terms.some((term) => term < 0)) return noDocuments
  const lists = terms.map((term) => postingsOf(text, term, field)).sort((a, b) => a.length - b.length)
  return lists.length === 0 ? noDocuments : lists.reduce(common)
}

const isShort = (field: EngineField | undefined): field is ShortField => field === 'title' || field === 'authors'
const shortOf = (field: EngineField | undefined) => (isShort(field) ? field : undefined)

const postingsOf = (text: TextPart, term: number, field: ShortField | undefined) =>
  field ? postingsInField(text, field, term) : text.postings(term).documents

function withPhrase(
  text: TextPart,
  stems: readonly string[],
  field: EngineField | undefined,
  allowed?: Uint8Array,
): Uint16Array {
  const terms = stems.map((one) => text.dictionary.termOf(one) + 1)
  if (terms.length === 0 || terms.includes(0)) return noDocuments
  const candidates = withTerms(text, stems, shortOf(field))
  if (terms.length === 1)
    return field && !isShort(field) ? markedIn(text, candidates, field, allowed, terms) : candidates
  return check(text, candidates, field, allowed, (words, count) => containsRun(words, count, terms))
}

function withPrefix(text: TextPart, typed: string, field: EngineField | undefined, allowed?: Uint8Array): Uint16Array {
  const parts: string[] = []
  tokenize(withoutTexAccents(typed), (word, _start, _end, isJoined) => isJoined || parts.push(word))
  const last = parts.pop()
  if (last === undefined) return noDocuments
  // Of a prefix in parts (`graph-neur`) all but the last are whole words before it: they say where to look.
  const before = parts.map((part) => text.dictionary.termOf(stem(part)) + 1)
  if (before.includes(0)) return noDocuments
  const ends = expand(text, last)
  const short = shortOf(field)
  if (before.length === 0)
    return field && !short
      ? markedIn(text, candidatesFor(text, ends), field, allowed, ends)
      : holdingAny(text, ends, short)
  const marks = marked(text, ends)
  const candidates = common(withTerms(text, parts.map(stem), short), holdingAny(text, ends, short))
  return check(text, candidates, field, allowed, (words, count) => {
    for (let at = before.length; at < count; at++)
      if (marks[words[at]!] && before.every((term, n) => words[at - before.length + n] === term)) return true
    return false
  })
}

/** The terms + 1 of all words that start with the letters. */
export function expand(text: TextPart, letters: string): number[] {
  const [from, to] = text.dictionary.withPrefix(letters)
  const found = new Set<number>()
  for (let entry = from; entry < to; entry++)
    if (text.dictionary.isWord(entry)) found.add(text.dictionary.termAt(entry) + 1)
  return [...found]
}

export function marked(text: TextPart, terms: readonly number[]): Uint8Array {
  const marks = new Uint8Array(text.termCount + 1)
  for (const term of terms) marks[term] = 1
  marks[0] = 0 // a gap, or a term that is not here
  return marks
}

/** The documents that hold any of the terms, given as in `ForwardText`; in the field where one is named. */
export function holdingAny(text: TextPart, terms: readonly number[], field?: ShortField): Uint16Array {
  if (terms.length === 1) return postingsOf(text, terms[0]! - 1, field)
  const found = new Uint8Array(text.count)
  for (const term of terms) {
    const documents = postingsOf(text, term - 1, field)
    for (let i = 0; i < documents.length; i++) found[documents[i]!] = 1
  }
  return listOf(found)
}

/** Documents that may hold any of the terms. Where most do it is quicker to look at each than to add them up. */
function candidatesFor(text: TextPart, terms: readonly number[]): Uint16Array {
  let postings = 0
  for (const term of terms) postings += text.frequency(term - 1)
  return postings > text.count / 2 ? listOf(new Uint8Array(text.count).fill(1)) : holdingAny(text, terms)
}

/** Of the candidates, those that hold one of the terms among the words of a field. */
function markedIn(
  text: TextPart,
  candidates: Uint16Array,
  field: EngineField,
  allowed: Uint8Array | undefined,
  terms: readonly number[],
): Uint16Array {
  const marks = marked(text, terms)
  const list = listsOf[field]
  return those(candidates, (document) => (!allowed || allowed[document] === 1) && text.holdsIn(document, list, marks))
}

/** Of the candidates, those that hold every word in a field. */
function inField(
  text: TextPart,
  candidates: Uint16Array,
  field: EngineField,
  allowed: Uint8Array | undefined,
  words: readonly QueryWord[],
): Uint16Array {
  const list = listsOf[field]
  let found = candidates
  for (const word of words) {
    const alternatives = word.alternatives.map((stems) =>
      stems.map((one) => marked(text, [text.dictionary.termOf(one) + 1])),
    )
    found = those(
      found,
      (document) =>
        (!allowed || allowed[document] === 1) &&
        alternatives.some((marks) =>
          marks.every((one) => text.holdsIn(document, list, one) || text.holdsIn(document, list + 1, one)),
        ),
    )
  }
  return found
}

/** Of the candidates that the mask allows, those of which the words in order, of one field or of any, pass. */
function check(
  text: TextPart,
  candidates: Uint16Array,
  field: EngineField | undefined,
  allowed: Uint8Array | undefined,
  passes: (words: Uint32Array, count: number) => boolean,
): Uint16Array {
  const forward: ForwardText = emptyForwardText()
  const wanted = field ? [listsOf[field]] : allLists
  const read = wanted.at(-1)! + 1
  return those(candidates, (document) => {
    if (allowed && !allowed[document]) return false
    text.readForward(document, forward, read)
    return wanted.some((list) => passes(forward.lists[list]!, forward.counts[list]!))
  })
}

function termsInOrder(text: string): string[] {
  const stems: string[] = []
  tokenize(withoutTexAccents(text), (word, _start, _end, isJoined) => isJoined || stems.push(stem(word)))
  return stems
}

function containsRun(words: Uint32Array, count: number, terms: readonly number[]): boolean {
  const last = count - terms.length
  for (let at = 0; at <= last; at++) {
    let n = 0
    while (n < terms.length && words[at + n] === terms[n]) n++
    if (n === terms.length) return true
  }
  return false
}
