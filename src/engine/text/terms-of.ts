import { stem } from './stem.ts'
import { tokenize } from './tokenize.ts'

export type TermAt = { term: string; start: number; end: number }

/**
 * The terms of a text in order, with the place of each as offsets into the text: what highlighting compares. Two words
 * share a term when the index takes them for the same word (`Networks`, `network`). The closed spelling of a compound
 * (`gpt4v`) comes after its parts and spans them all.
 *
 * @example [...termsOf('Deep Networks')].map(({ term }) => term) // ['deep', 'network']
 */
export function termsOf(text: string): TermAt[] {
  const found: TermAt[] = []
  tokenize(text, (word, start, end) => found.push({ term: stem(word), start, end }))
  return found
}
