import { writeEmbedding } from './embedding-file.ts'
import { dampedFrequency, type LocalEmbedding, openLocalEmbedding } from './local-embedding.ts'
import { createMatrixSpace } from './matrix-space.ts'
import { quantiseRows } from './quantise.ts'

// Latent semantic analysis (Deerwester et al. 1990) of a sample of the collection: the directions in the space of terms along
// which its documents differ most. Found by subspace iteration from a random start with a fixed seed (Halko, Martinsson and
// Tropp 2011), so the same documents give the same rows.

export const LOCAL_DIMS = 128
/** More documents than this are sampled. Twice as many take twice the time. */
export const MAX_FITTED = 12_000
/** With fewer documents there is nothing to learn. */
export const MIN_FITTED = 200
/** Terms of fewer documents have no row: they would only describe these documents. */
const MIN_DOCUMENTS = 2
const MAX_TERMS = 24_000
/** Documents' weights of a term: its rarity to this power. Measured: 2 is better than 1 wherever documents are many. */
const RARITY_POWER = 2
const ITERATIONS = 3

/** A document as the hashes of its terms, in any order, with repetition. */
export type TermList = Uint32Array

/**
 * Fits an embedding on documents of a collection. At most `MAX_FITTED` are looked at, evenly spread. Undefined when they are
 * too few to learn from. Takes some seconds at most.
 */
export function fitLocal(documents: readonly TermList[], dims = LOCAL_DIMS): LocalEmbedding | undefined {
  const sample = evenly(documents, MAX_FITTED)
  if (sample.length < MIN_FITTED) return undefined
  const { hashes, frequencies } = chooseTerms(sample)
  if (hashes.length < dims) return undefined
  const rarity = Float32Array.from(
    frequencies,
    (count) => Math.log((sample.length + 1) / (count + 0.5)) ** RARITY_POWER,
  )
  const matrix = weigh(sample, hashes, rarity)
  const directions = mainDirections(matrix, sample.length, hashes.length, dims)
  for (let term = 0; term < hashes.length; term++)
    for (let k = 0; k < dims; k++) directions[term * dims + k]! *= rarity[term]!
  const embedding = {
    dims,
    hashes,
    counts: frequencies,
    ...quantiseRows(directions, dims),
    about: { kind: 'local', documents: documents.length, fittedOn: sample.length },
  }
  return openLocalEmbedding(writeEmbedding(embedding))
}

function evenly<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items
  return Array.from({ length: most }, (_, n) => items[Math.floor((n * items.length) / most)]!)
}

/** The terms worth a row, by falling document frequency; equally frequent ones by hash. */
function chooseTerms(sample: readonly TermList[]): { hashes: Uint32Array; frequencies: Uint32Array } {
  const counts = new Map<number, number>()
  for (const terms of sample) for (const hash of new Set(terms)) counts.set(hash, (counts.get(hash) ?? 0) + 1)
  const chosen = [...counts]
    .filter(([hash, count]) => hash !== 0 && count >= MIN_DOCUMENTS)
    .sort(([a, first], [b, second]) => second - first || a - b)
    .slice(0, MAX_TERMS)
  return {
    hashes: Uint32Array.from(chosen, ([hash]) => hash),
    frequencies: Uint32Array.from(chosen, ([, count]) => count),
  }
}

/** One side of a sparse matrix: entry i of line n is at starts[n] <= i < starts[n + 1]. */
type SparseLines = { starts: Uint32Array; places: Uint32Array; weights: Float32Array }

/** Documents x terms; each document of unit length. */
function weigh(sample: readonly TermList[], hashes: Uint32Array, rarity: Float32Array): SparseLines {
  const numbers = new Map(Array.from(hashes, (hash, term) => [hash, term]))
  const starts = new Uint32Array(sample.length + 1)
  const places: number[] = []
  const weights: number[] = []
  for (const [n, list] of sample.entries()) {
    const frequency = new Map<number, number>()
    for (const hash of list) {
      const term = numbers.get(hash)
      if (term !== undefined) frequency.set(term, (frequency.get(term) ?? 0) + 1)
    }
    let squares = 0
    const start = places.length
    for (const [term, count] of frequency) {
      const weight = dampedFrequency(count) * rarity[term]!
      places.push(term)
      weights.push(weight)
      squares += weight * weight
    }
    for (let i = start; i < weights.length; i++) weights[i]! /= Math.sqrt(squares)
    starts[n + 1] = places.length
  }
  return { starts, places: Uint32Array.from(places), weights: Float32Array.from(weights) }
}

function transpose({ starts, places, weights }: SparseLines, lines: number): SparseLines {
  const turned = {
    starts: new Uint32Array(lines + 1),
    places: new Uint32Array(places.length),
    weights: new Float32Array(places.length),
  }
  for (const place of places) turned.starts[place + 1]! += 1
  for (let n = 0; n < lines; n++) turned.starts[n + 1]! += turned.starts[n]!
  const next = turned.starts.slice()
  for (let line = 0; line < starts.length - 1; line++)
    for (let i = starts[line]!; i < starts[line + 1]!; i++) {
      const at = next[places[i]!]!++
      turned.places[at] = line
      turned.weights[at] = weights[i]!
    }
  return turned
}

/** An orthonormal basis of the space of the first `dims` right singular vectors, terms x dims. */
function mainDirections(matrix: SparseLines, documents: number, terms: number, dims: number): Float32Array {
  const turned = transpose(matrix, terms)
  const space = createMatrixSpace(Math.max(documents, terms), dims, matrix.places.length)
  const from = space.matrices[0]
  for (let i = 0; i < terms * dims; i++) from[i] = startValue(i)
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    space.multiply(matrix)
    space.orthonormalise(documents)
    space.multiply(turned)
  }
  space.orthonormalise(terms)
  return space.matrices[0].subarray(0, terms * dims)
}

/** Looks random, is the same everywhere: -0.5 to 0.5. */
function startValue(i: number): number {
  let mixed = Math.imul(i + 1, 0x9e3779b1)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 0x1_0000_0000 - 0.5
}
