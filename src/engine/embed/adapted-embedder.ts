import { stem } from '../text/stem.ts'
import { withoutTexAccents } from '../text/tex-commands.ts'
import { tokenize } from '../text/tokenize.ts'
import type { Embedder } from './embedder.ts'
import type { LocalEmbedding } from './local-embedding.ts'
import { hashWord } from './tokens.ts'

/**
 * How much the part fitted on the collection counts beside the trained part, in the inner product of two texts. Between .5 and
 * 1 nothing changes much; more helps where the trained part is a stranger and harms where it is at home.
 */
export const LOCAL_WEIGHT = 0.85
const TRAINED_FACTOR = Math.sqrt(1 / (1 + LOCAL_WEIGHT))
const LOCAL_FACTOR = Math.sqrt(LOCAL_WEIGHT / (1 + LOCAL_WEIGHT))

/**
 * An embedder that knows the collection: its vectors are the base's, followed by the local ones, weighted. An inner product of
 * two of them is the weighted mean of both cosines.
 */
export type AdaptedEmbedder = Embedder & {
  readonly base: Embedder
  readonly local: LocalEmbedding
  /** The vector from the base's vector of a text (unit length or zero) and the hashes of its terms, into `out`. */
  combine(base: Float32Array, terms: Uint32Array, count: number, out: Float32Array): void
}

export function adaptEmbedder(base: Embedder, local: LocalEmbedding): AdaptedEmbedder {
  const dims = base.dims + local.dims
  let terms = new Uint32Array(1024)
  function combine(vector: Float32Array, hashes: Uint32Array, count: number, out: Float32Array): void {
    const isLocal = local.embedTerms(hashes, count, out, base.dims)
    const isTrained = vector.some((value) => value !== 0)
    // With only one of them, that one has full length: a vector has unit length, or there is none.
    const trainedFactor = isLocal ? TRAINED_FACTOR : 1
    const localFactor = isTrained ? LOCAL_FACTOR : 1
    for (let k = 0; k < base.dims; k++) out[k] = vector[k]! * trainedFactor
    for (let k = base.dims; k < dims; k++) out[k]! *= localFactor
  }
  return {
    id: `${base.id}+${local.id}`,
    dims,
    base,
    local,
    combine,
    embed(text) {
      let count = 0
      tokenize(withoutTexAccents(text), (word, _start, _end, isJoined) => {
        if (isJoined) return
        if (count === terms.length) {
          const longer = new Uint32Array(count * 2)
          longer.set(terms)
          terms = longer
        }
        terms[count++] = hashWord(stem(word))
      })
      const out = new Float32Array(dims)
      combine(base.embed(text), terms, count, out)
      return out
    },
  }
}
