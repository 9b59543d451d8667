import type { EngineField } from '../document.ts'
import type { Segment } from '../segments/snapshot.ts'
import type { TextPart } from '../segments/text-part.ts'
import { stem } from '../text/stem.ts'
import { withoutTexAccents } from '../text/tex-commands.ts'
import { tokenize } from '../text/tokenize.ts'
import { common, either, listOf, noDocuments, those } from './document-lists.ts'
import type { EngineCondition } from './engine-query.ts'
import { listsOf } from './field-lists.ts'
import type { Mask } from './filter-mask.ts'
import { heldIn } from './held-in.ts'
import { type QueryWord, queryWords } from './query-words.ts'

/** The lists with words in order. */
const inOrder = Object.values(listsOf)
const lastList = Math.max(...inOrder)

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

/**
 * The documents that hold the words, in the field where one is named: every one of them, or any. The rarest is read first. Those
 * that are not `allowed` may be among them.
 */
export function holding(
  text: TextPart,
  words: readonly QueryWord[],
  every: boolean,
  field?: EngineField,
  allowed?: Uint8Array,
): Uint16Array {
  const lists = words.map((word) => withWord(text, word, field, allowed)).sort((a, b) => a.length - b.length)
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
  return words.length === 0 ? noDocuments : holding(text, words, true, field, allowed)
}

function withWord(text: TextPart, word: QueryWord, field?: EngineField, allowed?: Uint8Array): Uint16Array {
  return word.alternatives.map((stems) => withTerms(text, stems, field, allowed)).reduce(either, noDocuments)
}

/** The documents that hold all of these terms, in the field where one is named. */
function withTerms(text: TextPart, stems: readonly string[], field?: EngineField, allowed?: Uint8Array): Uint16Array {
  const terms = [...new Set(stems.map((one) => text.dictionary.termOf(one)))]
  if (terms.some((term) => term < 0)) return noDocuments
  const lists = terms.map((term) => heldIn(text, [term], field, allowed)).sort((a, b) => a.length - b.length)
  return lists.length === 0 ? noDocuments : lists.reduce(common)
}

/** Where words in a row are looked for: reading those of a longer field twice would take longer than it saves. */
const narrowing = (field: EngineField | undefined) => (field === 'abstract' ? undefined : field)

function withPhrase(
  text: TextPart,
  stems: readonly string[],
  field: EngineField | undefined,
  allowed?: Uint8Array,
): Uint16Array {
  const terms = stems.map((one) => text.dictionary.termOf(one))
  if (terms.length === 0 || terms.includes(-1)) return noDocuments
  if (terms.length === 1) return withTerms(text, stems, field, allowed)
  const candidates = withTerms(text, stems, narrowing(field), allowed)
  return inARow(
    text,
    candidates,
    field,
    allowed,
    terms.map((term) => [term]),
  )
}

function withPrefix(text: TextPart, typed: string, field: EngineField | undefined, allowed?: Uint8Array): Uint16Array {
  const parts: string[] = []
  tokenize(withoutTexAccents(typed), (word, _start, _end, isJoined) => isJoined || parts.push(word))
  const last = parts.pop()
  if (last === undefined) return noDocuments
  // Of a prefix in parts (`graph-neur`) all but the last are whole words before it: they say where to look.
  const before = parts.map((part) => text.dictionary.termOf(stem(part)))
  if (before.includes(-1)) return noDocuments
  const ends = expand(text, last)
  if (before.length === 0) return heldIn(text, ends, field, allowed)
  const where = narrowing(field)
  const candidates = common(withTerms(text, parts.map(stem), where, allowed), heldIn(text, ends, where, allowed))
  return inARow(text, candidates, field, allowed, [...before.map((term) => [term]), ends])
}

/** The terms of all words that start with the letters. */
export function expand(text: TextPart, letters: string): number[] {
  const [from, to] = text.dictionary.withPrefix(letters)
  const found = new Set<number>()
  for (let entry = from; entry < to; entry++)
    if (text.dictionary.isWord(entry)) found.add(text.dictionary.termAt(entry))
  return [...found]
}

/** The words of a longer row behind these are not looked at: whoever has so many of it in common has all. */
const longestRun = 31

/**
 * Of the candidates that the mask allows, those that hold words in a row in the field, or in any. `places`: the terms that may
 * stand at each place of the row.
 */
function inARow(
  text: TextPart,
  candidates: Uint16Array,
  field: EngineField | undefined,
  allowed: Uint8Array | undefined,
  places: readonly (readonly number[])[],
): Uint16Array {
  const looked = places.slice(0, longestRun)
  const steps = new Uint32Array(text.termCount + 1)
  for (const [n, terms] of looked.entries()) for (const term of terms) steps[term + 1]! |= 1 << n
  const last = 1 << (looked.length - 1)
  const wanted = Array.from({ length: (field ? listsOf[field] : lastList) + 1 }, (_, list) =>
    field ? list === listsOf[field] : inOrder.includes(list),
  )
  return those(
    candidates,
    (document) => (!allowed || allowed[document] === 1) && text.holdsRun(document, wanted, steps, last),
  )
}

function termsInOrder(text: string): string[] {
  const stems: string[] = []
  tokenize(withoutTexAccents(text), (word, _start, _end, isJoined) => isJoined || stems.push(stem(word)))
  return stems
}
