import { type Allocate, openPart, packPart } from '../segments/sections.ts'
import { documentLevels, normalize, quantize } from './int8.ts'

/**
 * The vectors of a segment, row n for its document n. Sections: `rows` i8[n * dims] and `scales` f32[n] (0 for a document
 * without a vector).
 */
export class VectorPart {
  readonly model: string
  readonly dims: number
  readonly count: number
  readonly bytes: Uint8Array
  readonly rows: Int8Array
  readonly scales: Float32Array

  constructor(bytes: Uint8Array, verify = false) {
    const { about, sections } = openPart(bytes, verify)
    this.bytes = bytes
    this.model = about.model as string
    this.dims = about.dims as number
    this.rows = sections.rows as Int8Array
    this.scales = sections.scales as Float32Array
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
  private readonly model: string
  private readonly dims: number
  private rows: Int8Array
  private scales: Float32Array
  private count = 0

  constructor(model: string, dims: number, capacity: number) {
    this.model = model
    this.dims = dims
    this.rows = new Int8Array(capacity * dims)
    this.scales = new Float32Array(capacity)
  }

  /** Takes the vector of the next document. It is normalised in place. Throws when its length is wrong. */
  add(vector: Float32Array): void {
    if (vector.length !== this.dims)
      throw new RangeError(
        `expected a vector of ${this.dims} numbers, as model ${this.model} makes, got ${vector.length}`,
      )
    const scale = quantize(normalize(vector), documentLevels, this.rows, this.count * this.dims)
    this.scales[this.count++] = scale
  }

  /** Takes over a document's vector from another part of the same model. */
  copy(from: VectorPart, document: number): void {
    this.rows.set(from.rows.subarray(document * this.dims, (document + 1) * this.dims), this.count * this.dims)
    this.scales[this.count++] = from.scales[document] as number
  }

  finish(allocate: Allocate): Uint8Array {
    const about = { kind: 'vectors', model: this.model, dims: this.dims }
    const sections = {
      rows: this.rows.subarray(0, this.count * this.dims),
      scales: this.scales.subarray(0, this.count),
    }
    return packPart(about, sections, allocate)
  }
}
