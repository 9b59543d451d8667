import type { EncodedCorpus } from './corpus.ts'
import type { Random } from './random.ts'

/** Most items of a query and of a document that count. */
export const QUERY_ITEMS = 64
export const DOCUMENT_ITEMS = 512

/** How queries are made from a paper. The rest, after title and sentence, are a few words. */
const TITLE_SHARE = 0.45
const SENTENCE_SHARE = 0.35
/** Documents in which the query's own sentence stays: else the model never learns that the same words are good. */
const LEFT_IN_SHARE = 0.25
/** Half of the documents lose up to this share of their words, so that no single word is relied upon. */
const MAX_DROPPED = 0.3
const WORD_QUERY_FROM = 2
const WORD_QUERY_TO = 8
/** A few words are half the time taken from the opening only: this share of the text. */
const OPENING_SHARE = 0.25

type Span = { from: number; to: number }

/**
 * Draws a query and the document it should find from text `number`, as rows: the query's into `query`, the document's
 * into `document`. Returns how many there are of each.
 */
export function drawPair(
  corpus: EncodedCorpus,
  number: number,
  random: Random,
  query: Uint32Array,
  document: Uint32Array,
): [queryItems: number, documentItems: number] {
  const start = corpus.starts[number]!
  const end = corpus.starts[number + 1]!
  const titleEnd = corpus.titleEnds[number]!
  const kind = random.next()
  let left: Span = { from: 0, to: 0 }
  let queryItems = 0
  const firstSentence = corpus.sentenceStarts[number]!
  const sentences = corpus.sentenceStarts[number + 1]! - firstSentence
  if (kind < TITLE_SHARE && titleEnd > start && end > titleEnd) {
    left = { from: start, to: titleEnd }
  } else if (kind < TITLE_SHARE + SENTENCE_SHARE && sentences > 1) {
    const chosen = random.below(sentences)
    const from = corpus.sentences[firstSentence + chosen]!
    left = { from, to: chosen + 1 < sentences ? corpus.sentences[firstSentence + chosen + 1]! : end }
  }
  if (left.to > left.from) {
    queryItems = appendSpan(corpus, left, query, 0, QUERY_ITEMS)
    if (random.next() < LEFT_IN_SHARE) left = { from: 0, to: 0 }
  } else queryItems = drawWords(corpus, { from: start, to: end }, random, query)
  const dropped = random.next() < 0.5 ? random.next() * MAX_DROPPED : 0
  let count = 0
  let wasKept = true
  for (let at = start; at < end && count < DOCUMENT_ITEMS - 1; at++) {
    if (at >= left.from && at < left.to) {
      wasKept = false
      continue
    }
    const isKept = dropped === 0 || random.next() >= dropped
    if (isKept && corpus.words[at]! >= 0) document[count++] = corpus.words[at]!
    if (isKept && wasKept && corpus.pairs[at]! >= 0) document[count++] = corpus.pairs[at]!
    wasKept = isKept
  }
  return [queryItems, count]
}

function appendSpan(corpus: EncodedCorpus, span: Span, out: Uint32Array, from: number, limit: number): number {
  let count = from
  for (let at = span.from; at < span.to && count < limit - 1; at++) {
    if (corpus.words[at]! >= 0) out[count++] = corpus.words[at]!
    if (at > span.from && corpus.pairs[at]! >= 0) out[count++] = corpus.pairs[at]!
  }
  return count
}

/** A few words from anywhere, or from the opening; a word sometimes brings the one before it, as a pair. */
function drawWords(corpus: EncodedCorpus, span: Span, random: Random, out: Uint32Array): number {
  const length = span.to - span.from
  if (length === 0) return 0
  const wanted = WORD_QUERY_FROM + random.below(WORD_QUERY_TO - WORD_QUERY_FROM + 1)
  const reach = random.next() < 0.5 ? Math.max(1, Math.floor(length * OPENING_SHARE)) : length
  let count = 0
  for (let i = 0; i < wanted; i++) {
    const at = span.from + random.below(reach)
    if (corpus.words[at]! < 0) continue
    out[count++] = corpus.words[at]!
    if (corpus.pairs[at]! >= 0 && at > span.from && corpus.words[at - 1]! >= 0) {
      out[count++] = corpus.words[at - 1]!
      out[count++] = corpus.pairs[at]!
    }
  }
  return count
}
