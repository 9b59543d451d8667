/** Levels of a query's components on either side of 0. 12 bits: whole sums of 4,096 products stay below 2^31. */
export const queryLevels = 4_095
/** Levels of a document's components on either side of 0. */
export const documentLevels = 127

/**
 * A vector as whole numbers and the factor that turns them back: component n is about `codes[n] * scale`. Every vector has
 * a scale of its own (one for all cost .01 of recall). Zero vectors have scale 0.
 */
export function quantize(vector: ArrayLike<number>, levels: number, codes: Int8Array | Int16Array, offset = 0): number {
  let highest = 0
  for (let i = 0; i < vector.length; i++) {
    const size = Math.abs(vector[i] as number)
    if (size > highest) highest = size
  }
  // NaN compares false above, so that a vector with nothing else counts as zero.
  if (!(highest > 0) || !Number.isFinite(highest)) {
    codes.fill(0, offset, offset + vector.length)
    return 0
  }
  const factor = levels / highest
  for (let i = 0; i < vector.length; i++) codes[offset + i] = Math.round((vector[i] as number) * factor) || 0
  return highest / levels
}

/** `vector` made to unit length in place; a zero vector, or one with NaN or infinities, becomes all zeros. */
export function normalize(vector: Float32Array): Float32Array {
  let sum = 0
  for (const component of vector) sum += component * component
  if (!(sum > 0) || !Number.isFinite(sum)) return vector.fill(0)
  const factor = 1 / Math.sqrt(sum)
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) * factor
  return vector
}
