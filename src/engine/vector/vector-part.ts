import type { Embedder } from '../embed/embedder.ts'
import { openPart, packPart } from '../segments/sections.ts'
import { sharedBytes } from '../segments/shared-memory.ts'
import { documentLevels, normalize, quantize } from './int8.ts'
import { putInOrder } from './put-in-order.ts'
import { signCodes } from './sign-codes.ts'
import { allocateVectors, type VectorMemory } from './vector-memory.ts'

/** Fewer documents than this are not put in an order of their own: looking through all of them takes little. */
const leastOrdered = 4_096

/**
 * The vectors of a segment. Sections: `rows` i8[n * dims], `scales` f32[n] (0 for a document without a vector) and `codes` (see
 * `signCodes`), in the order of the documents; in a large segment in another, in which the 16 documents of a group are
 * alike. Then there are the document at each place, `order` u16[n], the place of each document, `places` u16[n], and `middles`, codes
 * of the mean of each group, as of a document with twice as many components: its own, and again those that are large, the
 * small ones with the opposite sign.
 */
export class VectorPart {
  readonly model: string
  readonly dims: number
  readonly count: number
  readonly bytes: Uint8Array
  readonly rows: Int8Array
  readonly scales: Float32Array
  readonly codes: Uint8Array
  readonly order: Uint16Array | undefined
  readonly middles: Uint8Array | undefined
  private readonly places: Uint16Array | undefined
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
    this.order = sections.order as Uint16Array | undefined
    this.places = sections.places as Uint16Array | undefined
    this.middles = sections.middles as Uint8Array | undefined
    this.memory = memory
    this.count = this.scales.length
  }

  /** Where the row of a document lies. */
  placeOf(document: number): number {
    return this.places ? this.places[document]! : document
  }

  documentAt(place: number): number {
    return this.order ? this.order[place]! : place
  }

  /** Adds `factor` times a document's vector to `sum`. */
  addTo(sum: Float32Array, document: number, factor: number): void {
    const place = this.placeOf(document)
    const start = place * this.dims
    const scale = (this.scales[place] as number) * factor
    for (let i = 0; i < this.dims; i++) sum[i] = (sum[i] as number) + (this.rows[start + i] as number) * scale
  }
}

/** Collects the vectors of a segment's documents in their order. */
export class VectorBuilder {
  private readonly model: Pick<Embedder, 'id' | 'dims'>
  private readonly rows: Int8Array
  /** What many rows lie in, for the loops that put them in order. */
  private readonly memory: WebAssembly.Memory | undefined
  private readonly scales: Float32Array
  private count = 0

  constructor(model: Pick<Embedder, 'id' | 'dims'>, capacity: number) {
    this.model = model
    const { bytes, memory } =
      capacity < leastOrdered ? { bytes: sharedBytes(capacity * model.dims) } : allocateVectors(capacity * model.dims)
    this.rows = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    this.memory = memory
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
      const place = from.placeOf(document)
      this.rows.set(from.rows.subarray(place * dims, (place + 1) * dims), this.count * dims)
      this.scales[this.count] = from.scales[place]!
    }
    this.count++
  }

  /** The part; nothing can be added after it. */
  finish(): VectorMemory {
    const { id, dims } = this.model
    const { count } = this
    const all = { rows: this.rows.subarray(0, count * dims), scales: this.scales.subarray(0, count), dims }
    const ordered = count < leastOrdered ? undefined : putInOrder({ ...all, memory: this.memory })
    const { rows, scales } = all
    const sections = { rows, scales, codes: signCodes(rows, count, dims), ...ordered }
    let memory: VectorMemory['memory']
    const bytes = packPart({ kind: 'vectors', model: id, dims }, sections, (length) => {
      const allocated = allocateVectors(length)
      memory = allocated.memory
      return allocated.bytes
    })
    return { bytes, memory }
  }
}
