import type { EngineField } from '../document.ts'
import type { Segment } from '../segments/snapshot.ts'
import { emptyForwardText, type ForwardText, type TextPart } from '../segments/text-part.ts'
import { stem } from '../text/stem.ts'
import { withoutTexAccents } from '../text/tex-commands.ts'
import { tokenize } from '../text/tokenize.ts'
import type { EngineCondition } from './engine-query.ts'
import { countOf, type Mask } from './filter-mask.ts'
import { type QueryWord, queryWords } from './query-words.ts'

/** Positions in `ForwardText` of the lists of each field. */
const listsOf: Record<EngineField, number> = { title: 0, authors: 2, abstract: 4, categories: 6 }

/** Narrows a mask to the documents that meet the conditions. */
export function narrow({ text }: Segment, conditions: readonly EngineCondition[], mask: Mask): Mask {
  if (conditions.length === 0) return mask
  let { allowed } = mask
  for (const condition of conditions) {
    const met = documentsOf(text, condition, allowed)
    const narrowed = new Uint8Array(text.count)
    for (let n = 0; n < narrowed.length; n++) {
      const isMet = met[n] === 1
      narrowed[n] = (!allowed || allowed[n]) && isMet !== (condition.negated ?? false) ? 1 : 0
    }
    allowed = narrowed
  }
  return allowed ? { allowed, count: countOf(allowed) } : mask
}

/** The documents that hold the words: every one of them, or any. */
export function holding(text: TextPart, words: readonly QueryWord[], every: boolean): Uint8Array {
  const found = new Uint8Array(text.count)
  for (const [n, word] of words.entries()) {
    const own = withWord(text, word)
    if (n === 0) found.set(own)
    else
      for (let d = 0; d < found.length; d++)
        found[d] = every ? (found[d] as number) & (own[d] as number) : (found[d] as number) | (own[d] as number)
  }
  return found
}

function documentsOf(text: TextPart, condition: EngineCondition, allowed: Uint8Array | undefined): Uint8Array {
  const { kind, field } = condition
  if (kind === 'phrase') return withPhrase(text, termsInOrder(condition.text), field, allowed)
  if (kind === 'prefix') return withPrefix(text, condition.text, field, allowed)
  const words = queryWords(condition.text)
  const found = holding(text, words, true)
  return field
    ? inField(text, found, field, allowed, (lists) => words.every((word) => holdsWord(text, lists, word)))
    : found
}

function withWord(text: TextPart, word: QueryWord): Uint8Array {
  const found = new Uint8Array(text.count)
  for (const stems of word.alternatives) {
    const terms = stems.map((one) => text.dictionary.termOf(one))
    if (terms.some((term) => term < 0)) continue
    const counts = new Uint16Array(text.count)
    for (const term of new Set(terms))
      for (const document of text.postings(term).documents) (counts[document] as number)++
    const needed = new Set(terms).size
    for (let n = 0; n < found.length; n++) if (counts[n] === needed) found[n] = 1
  }
  return found
}

function withPhrase(
  text: TextPart,
  stems: readonly string[],
  field: EngineField | undefined,
  allowed?: Uint8Array,
): Uint8Array {
  const terms = stems.map((one) => text.dictionary.termOf(one) + 1)
  if (terms.length === 0 || terms.includes(0)) return new Uint8Array(text.count)
  const candidates = withWord(text, { typed: '', alternatives: [[...stems]] })
  if (terms.length === 1 && !field) return candidates
  const wanted = field ? [listsOf[field]] : Object.values(listsOf)
  return check(text, candidates, allowed, (forward) =>
    wanted.some((list) => containsRun(forward.lists[list] as Uint32Array, forward.counts[list] as number, terms)),
  )
}

function withPrefix(text: TextPart, typed: string, field: EngineField | undefined, allowed?: Uint8Array): Uint8Array {
  const found = new Uint8Array(text.count)
  const parts: string[] = []
  tokenize(withoutTexAccents(typed), (word, _start, _end, isJoined) => isJoined || parts.push(word))
  const last = parts.pop()
  if (last === undefined) return found
  const terms = expand(text, last)
  for (const term of terms) for (const document of text.postings(term).documents) found[document] = 1
  // Of a prefix in parts (`graph-neur`) all but the last are whole words before it.
  const before = parts.map((part) => text.dictionary.termOf(stem(part)) + 1)
  if (before.includes(0)) return new Uint8Array(text.count)
  if (!field && before.length === 0) return found
  const ends = new Set([...terms].map((term) => term + 1))
  const wanted = field ? [listsOf[field]] : Object.values(listsOf)
  return check(text, found, allowed, (forward) =>
    wanted.some((list) => {
      const [words, count] = [forward.lists[list] as Uint32Array, forward.counts[list] as number]
      for (let at = before.length; at < count; at++)
        if (ends.has(words[at] as number) && before.every((term, n) => words[at - before.length + n] === term))
          return true
      return false
    }),
  )
}

/** The terms of all words that start with the letters. */
function expand(text: TextPart, letters: string): Set<number> {
  const [from, to] = text.dictionary.withPrefix(letters)
  const found = new Set<number>()
  for (let entry = from; entry < to; entry++)
    if (text.dictionary.isWord(entry)) found.add(text.dictionary.termAt(entry))
  return found
}

function inField(
  text: TextPart,
  candidates: Uint8Array,
  field: EngineField,
  allowed: Uint8Array | undefined,
  holds: (terms: Set<number>) => boolean,
): Uint8Array {
  const first = listsOf[field]
  const terms = new Set<number>()
  return check(text, candidates, allowed, (forward) => {
    terms.clear()
    for (const list of [first, first + 1])
      for (let i = 0; i < (forward.counts[list] as number); i++)
        terms.add(((forward.lists[list] as Uint32Array)[i] as number) - 1)
    terms.delete(-1) // gaps
    return holds(terms)
  })
}

const holdsWord = (text: TextPart, terms: ReadonlySet<number>, word: QueryWord) =>
  word.alternatives.some((stems) => stems.every((one) => terms.has(text.dictionary.termOf(one))))

/** Of the candidates that the mask allows, those whose text passes. */
function check(
  text: TextPart,
  candidates: Uint8Array,
  allowed: Uint8Array | undefined,
  passes: (forward: ForwardText) => boolean,
): Uint8Array {
  const found = new Uint8Array(text.count)
  const forward = emptyForwardText()
  for (let n = 0; n < found.length; n++)
    if (candidates[n] && (!allowed || allowed[n]) && passes(text.readForward(n, forward))) found[n] = 1
  return found
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
