import type { Embedder } from '../embed/embedder.ts'
import { openPart, packPart } from '../segments/sections.ts'
import { documentLevels, normalize, quantize } from './int8.ts'
import { signCodes } from './sign-codes.ts'
import { allocateVectors, type VectorMemory } from './vector-memory.ts'

/**
 * The vectors of a segment, row n for its document n. Sections: `rows` i8[n * dims], `scales` f32[n] (0 for a document
 * without a vector) and `codes` (see `signCodes`).
 */
export class VectorPart {
  readonly model: string
  readonly dims: number
  readonly count: number
  readonly bytes: Uint8Array
  readonly rows: Int8Array
  readonly scales: Float32Array
  readonly codes: Uint8Array
  /** The memory that the bytes lie in from its start, where that is one of WebAssembly. */
  readonly memory: WebAssembly.Memory | undefined

  constructor({ bytes, memory }: VectorMemory, verify = false) {
    const { about, sections } = openPart(bytes, verify)
    this.bytes = bytes
    this.model = about.model as string
    this.dims = about.dims as number
    this.rows = sections.rows as Int8Array
    this.scales = sections.scales as Float32Array
    this.codes = sections.codes as Uint8Array
    this.memory = memory
    this.count = this.scales.length
  }

  /** Adds `factor` times a document's vector to `sum`. */
  addTo(sum: Float32Array, document: number, factor: number): void {
    const start = document * this.dims
    const scale = (this.scales[document] as number) * factor
    for (let i = 0; i < this.dims; i++) sum[i] = (sum[i] as number) + (this.rows[start + i] as number) * scale
  }
}

/** Collects the vectors of a segment's documents in their order. */
export class VectorBuilder {
  private readonly model: Pick<Embedder, 'id' | 'dims'>
  private readonly rows: Int8Array
  private readonly scales: Float32Array
  private count = 0

  constructor(model: Pick<Embedder, 'id' | 'dims'>, capacity: number) {
    this.model = model
    this.rows = new Int8Array(capacity * model.dims)
    this.scales = new Float32Array(capacity)
  }

  /** Takes the vector of the next document, which is normalised in place; undefined: it has none. */
  add(vector: Float32Array | undefined): void {
    const { id, dims } = this.model
    if (vector && vector.length !== dims)
      throw new RangeError(`expected a vector of ${dims} numbers, as model ${id} makes, got ${vector.length}`)
    if (vector) this.scales[this.count] = quantize(normalize(vector), documentLevels, this.rows, this.count * dims)
    this.count++
  }

  /** Takes over a document's vector from another part, if that is of the same model. */
  copy(from: VectorPart | undefined, document: number): void {
    const { id, dims } = this.model
    if (from?.model === id && from.dims === dims) {
      this.rows.set(from.rows.subarray(document * dims, (document + 1) * dims), this.count * dims)
      this.scales[this.count] = from.scales[document]!
    }
    this.count++
  }

  finish(): VectorMemory {
    const { id, dims } = this.model
    const rows = this.rows.subarray(0, this.count * dims)
    const sections = { rows, scales: this.scales.subarray(0, this.count), codes: signCodes(rows, this.count, dims) }
    let memory: VectorMemory['memory']
    const bytes = packPart({ kind: 'vectors', model: id, dims }, sections, (length) => {
      const allocated = allocateVectors(length)
      memory = allocated.memory
      return allocated.bytes
    })
    return { bytes, memory }
  }
}
