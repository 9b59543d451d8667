import { stem } from '../text/stem.ts'
import { stopWords } from '../text/stop-words.ts'
import { withoutTexAccents } from '../text/tex-commands.ts'
import { tokenize } from '../text/tokenize.ts'

/**
 * A word of a query. A document holds it when it holds all terms of one of the alternatives: `GPT-4V` is [`gpt`, `4v`]
 * or [`gpt4v`].
 */
export type QueryWord = { typed: string; alternatives: string[][] }

/** Of a longer query the rest is not read: code units, and words. What a person types is far below both. */
const longestQuery = 10_000
const mostWords = 256

const identifier = /^(?:10\.\d{4,9}\/\S+|[a-z-]+(?:\.[a-z]{2})?\/\d{7}|[a-z-]+\.[a-z-]{2,})$/i

/**
 * Reads the words of a query. Stop words are left out unless there is nothing else. Beside each word's own parts stand
 * its closed spelling, that of a word with a digit and its neighbour (`GPT 4V`), and for what looks like an identifier
 * or a category (`hep-th/9901001`, `cs.LG`) the whole of it.
 */
export function queryWords(text: string): QueryWord[] {
  const all = readWords(withoutTexAccents(text.length > longestQuery ? text.slice(0, longestQuery) : text))
  const telling = all.filter((word) => !(word.alternatives[0] as string[]).every((term) => stopWords.has(term)))
  return (telling.length > 0 ? telling : all).slice(0, mostWords).map(({ typed, alternatives }) => ({
    typed,
    alternatives: alternatives.map((terms) => terms.map(stem)),
  }))
}

function readWords(text: string): QueryWord[] {
  const found: QueryWord[] = []
  for (const [chunk] of text.matchAll(/\S+/g)) {
    const own = wordsOf(chunk)
    const whole = chunk.replace(/^[("'[]+|[)"'\].,;:?!]+$/g, '')
    const first = own[0]
    if (first && identifier.test(whole)) first.alternatives.push([whole.toLowerCase()])
    // A chunk that is an identifier is one word, although it reads as several.
    if (first && own.length > 1 && identifier.test(whole))
      found.push({
        typed: whole,
        alternatives: [own.flatMap((word) => word.alternatives[0] as string[]), [whole.toLowerCase()]],
      })
    else found.push(...own)
  }
  for (let n = 0; n + 1 < found.length; n++) joinNeighbours(found[n] as QueryWord, found[n + 1] as QueryWord)
  return found
}

/** The words of a stretch without spaces: a compound is one word. */
function wordsOf(chunk: string): QueryWord[] {
  const found: { start: number; end: number; word: QueryWord }[] = []
  tokenize(chunk, (word, start, end, isJoined) => {
    if (!isJoined) {
      found.push({ start, end, word: { typed: chunk.slice(start, end), alternatives: [[word]] } })
      return
    }
    const parts = found.filter((one) => one.start >= start)
    found.length -= parts.length
    const terms = parts.map((one) => (one.word.alternatives[0] as string[])[0] as string)
    found.push({ start, end, word: { typed: chunk.slice(start, end), alternatives: [terms, [word]] } })
  })
  return found.map(({ word }) => word)
}

function joinNeighbours(left: QueryWord, right: QueryWord): void {
  const [a, b] = [left.alternatives[0] as string[], right.alternatives[0] as string[]]
  if (a.length !== 1 || b.length !== 1) return
  const closed = `${a[0]}${b[0]}`
  if (!/\d/.test(closed) || /^[\d.]+$/.test(closed) || closed.length > 32) return
  left.alternatives.push([closed])
  right.alternatives.push([closed])
}
