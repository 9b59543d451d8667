import { renderTexPlain } from '../lib/tex/index.ts'
import { createMarker } from './mark-words.ts'
import type { SearchIndex } from './port.ts'
import { splitSentences } from './split-sentences.ts'

/** What all words of the query together add to a likeness of meaning: about what separates a good sentence from a fair one. */
const WEIGHT_OF_WORDS = 0.3

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
  const mark = createMarker(words)
  const share = (sentence: string) =>
    words.length === 0
      ? 0
      : Math.min(
          1,
          new Set(mark(sentence).map(([start, end]) => sentence.slice(start, end).toLowerCase())).size / words.length,
        )
  let next = 0
  return sentences.map((ofText) => {
    if (ofText.length < 2) return ofText[0]
    let best = 0
    let bestScore = Number.NEGATIVE_INFINITY
    for (const [n, sentence] of ofText.entries()) {
      const score = (closeness[next++] ?? 0) + WEIGHT_OF_WORDS * share(sentence)
      if (score > bestScore) {
        bestScore = score
        best = n
      }
    }
    return ofText[best]
  })
}
