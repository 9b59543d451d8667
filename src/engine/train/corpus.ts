import { createItemTable, pairHash, rowOf, wordRow } from '../embed/item-table.ts'
import { createTokens, GAP, tokenize } from '../embed/tokens.ts'
import type { Vocabulary } from './vocabulary.ts'

/** What training reads of a paper. */
export type TrainingText = { id: string; title: string; abstract: string }

/** All texts as rows of the embedding. Positions count tokens over the whole corpus. */
export type EncodedCorpus = {
  texts: number
  /** Row of the word at each position, or -1. */
  words: Int32Array
  /** Row of the pair that the word forms with the one before it, or -1. */
  pairs: Int32Array
  /** First position of each text, and one more for the end. */
  starts: Uint32Array
  /** Where the title ends and the abstract begins. */
  titleEnds: Uint32Array
  /** First positions of the abstracts' sentences; those of text t are `sentences[sentenceStarts[t]...]`. */
  sentences: Uint32Array
  sentenceStarts: Uint32Array
}

const MAX_TOKENS = 512

export function encodeCorpus(texts: readonly TrainingText[], vocabulary: Vocabulary): EncodedCorpus {
  const table = createItemTable(vocabulary.hashes)
  const tokens = createTokens()
  let capacity = texts.length * 256 + 1024
  let words = new Int32Array(capacity)
  let pairs = new Int32Array(capacity)
  const starts = new Uint32Array(texts.length + 1)
  const titleEnds = new Uint32Array(texts.length)
  const sentenceStarts = new Uint32Array(texts.length + 1)
  const sentences: number[] = []
  let position = 0
  const append = (text: string, room: number, isAbstract: boolean) => {
    tokenize(text, tokens)
    const count = Math.min(tokens.count, room)
    for (let i = 0; i < count; i++) {
      if (isAbstract && tokens.gaps[i] === GAP.sentence) sentences.push(position)
      words[position] = wordRow(table, tokens, i)
      const pair = pairHash(tokens, i)
      pairs[position] = pair === 0 ? -1 : rowOf(table, pair)
      position += 1
    }
    return count
  }
  texts.forEach(({ title, abstract }, number) => {
    if (position + MAX_TOKENS > capacity) {
      capacity *= 2
      words = grown(words, capacity)
      pairs = grown(pairs, capacity)
    }
    starts[number] = position
    const used = append(title, MAX_TOKENS, false)
    titleEnds[number] = position
    sentenceStarts[number] = sentences.length
    append(abstract, MAX_TOKENS - used, true)
  })
  starts[texts.length] = position
  sentenceStarts[texts.length] = sentences.length
  return {
    texts: texts.length,
    words: words.subarray(0, position),
    pairs: pairs.subarray(0, position),
    starts,
    titleEnds,
    sentences: Uint32Array.from(sentences),
    sentenceStarts,
  }
}

function grown(numbers: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const next = new Int32Array(size)
  next.set(numbers)
  return next
}
