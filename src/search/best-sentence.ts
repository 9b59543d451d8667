import { renderTexPlain } from '../lib/tex/index.ts'
import { createMarker } from './mark-words.ts'
import type { SearchIndex } from './port.ts'
import { splitSentences } from './split-sentences.ts'

/** What all words of the query together add to a likeness of meaning: about what separates a good sentence from a fair one. */
const WEIGHT_OF_WORDS = 0.3

/** What all forms of a word begin with, at least: a sentence without it need not be read. `3-D` is a form of `3D`. */
const KEPT_LETTERS = /^(?:[a-z]{1,3}|\d)/
/** A letter with an accent may stand for the plain one. */
const ascii = /^[\0-\x7f]*$/

/**
 * The sentence of each text that answers a question best: nearest by meaning, with a bonus for its words. One call to
 * the index for all texts; undefined for a text without sentences. `words`: those of the question, without filler.
 */
export async function bestSentences(
  index: Pick<SearchIndex, 'closeness'>,
  question: string,
  words: readonly string[],
  texts: readonly string[],
): Promise<(string | undefined)[]> {
  const sentences = texts.map(splitSentences)
  const passages = sentences.flatMap((ofText) => (ofText.length > 1 ? ofText.map(renderTexPlain) : []))
  const closeness = passages.length > 0 && question !== '' ? await index.closeness(question, passages) : []
  const share = createShare(words)
  let next = 0
  return sentences.map((ofText) => {
    if (ofText.length < 2) return ofText[0]
    const near = ofText.map(() => closeness[next++] ?? 0)
    // Words can make up for so much: most sentences are too far off for that, and are not read.
    const least = Math.max(...near) - WEIGHT_OF_WORDS
    let best = 0
    let bestScore = Number.NEGATIVE_INFINITY
    for (const [n, sentence] of ofText.entries()) {
      const score = near[n]! < least ? Number.NEGATIVE_INFINITY : near[n]! + WEIGHT_OF_WORDS * share(sentence)
      if (score > bestScore) {
        bestScore = score
        best = n
      }
    }
    return ofText[best]
  })
}

/** What share of the words a sentence has, 0 to 1. */
function createShare(words: readonly string[]): (sentence: string) => number {
  const mark = createMarker(words)
  const beginnings = words.map((word) => KEPT_LETTERS.exec(word.toLowerCase())?.[0] ?? '')
  return (sentence) => {
    const lower = sentence.toLowerCase()
    if (ascii.test(sentence) && !beginnings.some((one) => lower.includes(one))) return 0
    const held = new Set(mark(sentence).map(([start, end]) => lower.slice(start, end)))
    return Math.min(1, held.size / words.length)
  }
}
