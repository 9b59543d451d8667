import type { Embedder } from '../embed/index.ts'
import { LikelyFloor } from './likely-floor.ts'

/** For tests: knows the beginnings of words, so that texts with the same words lie near. */
export const letters: Embedder = {
  id: 'letters-64',
  dims: 64,
  embed(text: string) {
    const vector = new Float32Array(64)
    for (const word of text.toLowerCase().match(/[a-z0-9]+/g) ?? []) {
      let hash = 7
      for (const character of word.slice(0, 6)) hash = (hash * 31 + character.codePointAt(0)!) % 8_191
      for (let k = 0; k < 64; k++) vector[k]! += ((hash * (k + 3) * 2_654_435_761) % 4_294_967_296) / 2 ** 31 - 1
    }
    return vector
  },
}

/** A floor of words that is too high for many queries. */
export const reckless = () => new LikelyFloor({ leastDocuments: 1, share: 64, stretches: 2, caution: 0 })
