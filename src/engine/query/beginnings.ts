import type { ShortField } from '../segments/field-terms.ts'
import { emptyForwardText } from '../segments/forward-text.ts'
import type { Segment, Snapshot } from '../segments/snapshot.ts'
import type { TextPart } from '../segments/text-part.ts'
import { stem } from '../text/stem.ts'
import { withoutTexAccents } from '../text/tex-commands.ts'
import { tokenize } from '../text/tokenize.ts'
import { expand, holding } from './conditions.ts'
import { common } from './document-lists.ts'
import { listsOf } from './field-lists.ts'
import { filterMask } from './filter-mask.ts'
import { heldIn, marked } from './held-in.ts'

/**
 * Documents read for one question, the newest first: some 2 ms. Whoever types a rare word is answered from all documents,
 * whoever types two letters from the newest that have them; twice as many take twice the time.
 */
const mostLookedAt = 4_000
/** One letter begins too much; one Chinese character is a word. */
const shortestBeginning = 2
const mostWords = 12

/** The words begin the text (or stand in one name); stand in a row somewhere; all of them stand in it. */
const [asBeginning, inARow, anywhere] = [3, 2, 1]

/**
 * Documents for what somebody is typing: a field of theirs holds all words, the last of which may go on. Those that begin so
 * come first, then those with the words in a row; of equal ones the newest. At most `limit` ids. An author is one name: the
 * words are never taken from two.
 */
export function beginnings(snapshot: Snapshot, typed: string, field: ShortField, limit: number): number[] {
  const words: string[] = []
  tokenize(withoutTexAccents(typed), (word, _start, _end, isJoined) => isJoined || words.push(word))
  if (words.length > mostWords) words.length = mostWords
  // "GPT-4" and "graph n" so far say no more than the words before.
  if (words.length > 1 && isTooShort(words.at(-1)!)) words.pop()
  const last = words.pop()
  if (last === undefined || (words.length === 0 && isTooShort(last))) return []

  const found: number[][] = [[], [], [], []]
  const budget = { left: mostLookedAt }
  const newestFirst = [...snapshot.segments].sort((a, b) => highestId(b.text) - highestId(a.text))
  for (const segment of newestFirst) {
    if (budget.left <= 0 || found[asBeginning]!.length >= limit) break
    lookIn(segment, words, last, field, limit, found, budget)
  }
  return [...found[asBeginning]!, ...found[inARow]!, ...found[anywhere]!].slice(0, limit)
}

const isTooShort = (word: string) => word.length < shortestBeginning && word < '\u0080'
const highestId = (text: TextPart) => text.ids[text.count - 1] ?? 0

function lookIn(
  segment: Segment,
  words: readonly string[],
  last: string,
  field: ShortField,
  limit: number,
  found: number[][],
  budget: { left: number },
): void {
  const { text } = segment
  const before = words.map((word) => text.dictionary.termOf(stem(word)) + 1)
  if (before.includes(0)) return
  const ends = expand(text, last)
  if (ends.length === 0) return
  const marks = marked(text, ends)
  const candidates =
    words.length > 0
      ? common(withWords(text, words, field), heldIn(text, ends, field, undefined))
      : heldIn(text, ends, field, undefined)
  const { allowed } = filterMask(segment, {})
  const list = listsOf[field]
  const forward = emptyForwardText()
  for (let i = candidates.length - 1; i >= 0 && budget.left > 0; i--) {
    const document = candidates[i]!
    if (allowed && !allowed[document]) continue
    budget.left--
    text.readForward(document, forward, list + 1)
    const rank = rankOf(forward.lists[list]!, forward.counts[list]!, before, marks, field)
    if (rank > 0) found[rank]!.push(text.ids[document]!)
    if (found[asBeginning]!.length >= limit) return
  }
}

function withWords(text: TextPart, words: readonly string[], field: ShortField): Uint16Array {
  const asWords = words.map((word) => ({ typed: word, alternatives: [[stem(word)]] }))
  return holding(text, asWords, true, field)
}

/** How well a list of words fits what was typed; 0 when it does not. A 0 in it parts one name from the next. */
function rankOf(
  list: Uint32Array,
  count: number,
  before: readonly number[],
  marks: Uint8Array,
  field: ShortField,
): number {
  let best = 0
  let isMarked = false
  for (let at = 0; at < count; at++) {
    if (!marks[list[at]!]) continue
    isMarked = true
    const start = at - before.length
    if (start < 0 || !before.every((term, n) => list[start + n] === term)) continue
    if (field === 'authors' || start === 0) return asBeginning
    best = inARow
  }
  if (best > 0 || !isMarked) return best
  if (field === 'authors') return inOneName(list, count, before, marks) ? anywhere : 0
  const part = list.subarray(0, count)
  return before.every((term) => part.includes(term)) ? anywhere : 0
}

/** Whether one name has all the words, in any order: "hinton geoff". */
function inOneName(list: Uint32Array, count: number, before: readonly number[], marks: Uint8Array): boolean {
  for (let start = 0; start < count; ) {
    let end = start
    let isMarked = false
    for (; end < count && list[end] !== 0; end++) isMarked ||= marks[list[end]!] === 1
    const name = list.subarray(start, end)
    if (isMarked && before.every((term) => name.includes(term))) return true
    start = end + 1
  }
  return false
}
