import { segmentCapacity } from '../segments/capacity.ts'
import { compiledKernel } from './compiled-kernel.ts'
import { groupSize } from './sign-codes.ts'
import type { VectorPart } from './vector-part.ts'

/** Rows of whole numbers, `dims` each, and the memory they lie in where there is one. */
export type Rows = Pick<VectorPart, 'rows' | 'dims'> & { readonly memory?: WebAssembly.Memory | undefined }

/** A query as the kernel takes it: whole components (i16), and tables for the sign codes. */
export type KernelQuery = { codes: Int16Array; tables: Uint8Array }

/**
 * The inner loops of the dense arm over the vectors of segments, with SIMD where there is any and the vectors lie in a
 * WebAssembly memory, else in JavaScript: the same numbers either way. One query at a time.
 */
export class Kernel {
  /** Results of the last `scan`: `sum << 16 | document`, unsigned. */
  readonly scanned: Uint32Array
  /** Documents for `dots`, and its results. */
  readonly list: Uint32Array
  readonly products: Int32Array
  /** Those of the query, and once more with half of the entries. */
  private readonly tables: Uint8Array
  private readonly module: WebAssembly.Module | undefined
  private readonly other: WebAssembly.Memory
  private readonly instances = new WeakMap<Rows, Loops>()
  private query: KernelQuery = { codes: new Int16Array(0), tables: new Uint8Array(0) }

  /** `useSimd` false: plain JavaScript, to compare with. */
  constructor(useSimd = true) {
    this.module = useSimd ? compiledKernel() : undefined
    this.other = new WebAssembly.Memory({ initial: Math.ceil(memoryEnd / 65_536) })
    this.tables = new Uint8Array(this.other.buffer, tablesAt, 2 * mostDims * 4)
    this.scanned = new Uint32Array(this.other.buffer, scannedAt, segmentCapacity + groupSize)
    this.list = new Uint32Array(this.other.buffer, listAt, segmentCapacity)
    this.products = new Int32Array(this.other.buffer, productsAt, segmentCapacity)
  }

  begin(query: KernelQuery): void {
    if (query.codes.length > mostDims) throw new RangeError(`vectors have at most ${mostDims} numbers`)
    this.query = query
    new Int16Array(this.other.buffer, queryAt, mostDims).set(query.codes)
    this.tables.set(query.tables)
    // Again, for the second half of middles.
    for (let n = 0, at = query.tables.length; n < query.tables.length; n++) this.tables[at + n] = query.tables[n]! >> 1
  }

  /** Looks through `groups` groups of 16 documents from group `from` on; answers how many entries `scanned` has. */
  scan(part: VectorPart, from: number, groups: number, threshold: number): number {
    return this.scanCodes(part, part.codes, 1, from, groups, threshold)
  }

  /** As `scan`, of the groups that the first `count` entries of `list` name, and of their documents those named: see `GroupLanes`. */
  scanList(part: VectorPart, count: number, threshold: number): number {
    const loops = this.loopsOf(part)
    if (loops) {
      const { codes, dims } = part
      return count && loops.scanList(codes.byteOffset, dims / 8, count, tablesAt, threshold, listAt, scannedAt) / 4
    }
    let found = 0
    for (let n = 0; n < count; n++) {
      const entry = this.list[n]!
      found = this.plainScan(part.dims / 8, part.codes, entry & 0xffff, 1, threshold, found, entry >>> 16)
    }
    return found
  }

  /**
   * As `scan`, of so many middles of groups from group `from` (a multiple of 16) on: entries are `sum << 16 | group`. The
   * second half of their components counts half.
   */
  scanMiddles(part: VectorPart, middles: Uint8Array, from: number, most: number, threshold: number): number {
    const end = Math.min(from + most, Math.ceil(part.count / groupSize))
    const blocks = Math.ceil((end - from) / groupSize)
    let count = this.scanCodes(part, middles, 2, from / groupSize, blocks, threshold)
    // Missing ones of the last sixteen come last.
    while (count > 0 && (this.scanned[count - 1]! & 0xffff) >= end) count--
    return count
  }

  /** `fold`: how often each component of the query is in the codes. */
  private scanCodes(
    part: VectorPart,
    codes: Uint8Array,
    fold: 1 | 2,
    from: number,
    groups: number,
    threshold: number,
  ): number {
    const width = (part.dims / 8) * fold
    const loops = this.loopsOf(part)
    if (!loops) return this.plainScan(width, codes, from, groups, threshold, 0)
    const at = codes.byteOffset + from * groupSize * width
    return loops.scan(at, width, groups, tablesAt, threshold, from * groupSize, scannedAt) / 4
  }

  /** The inner products of the query and the first `count` documents of `list`, in `products`. */
  dots(part: Rows, count: number): void {
    const loops = this.loopsOf(part)
    if (count === 0) return
    if (loops) loops.dots(part.rows.byteOffset, part.dims, queryAt, listAt, count, productsAt)
    else for (let n = 0; n < count; n++) this.products[n] = this.plainDot(part, this.list[n]!)
  }

  private plainDot({ rows, dims }: Rows, document: number): number {
    const { codes } = this.query
    let sum = 0
    for (let n = 0, at = document * dims; n < dims; n++, at++) sum += codes[n]! * rows[at]!
    return sum
  }

  /** Adds to the first `found` entries; answers how many there are then. */
  private plainScan(
    width: number,
    codes: Uint8Array,
    from: number,
    groups: number,
    threshold: number,
    found: number,
    lanes = 0xffff,
  ): number {
    const { tables } = this
    let count = found
    for (let group = from; group < from + groups; group++) {
      for (let lane = 0; lane < groupSize; lane++) {
        let sum = 0
        for (let byte = 0, at = group * width * groupSize + lane; byte < width; byte++, at += groupSize) {
          const bits = codes[at]!
          sum += tables[byte * 32 + (bits & 15)]! + tables[byte * 32 + 16 + (bits >> 4)]!
        }
        if (sum >= threshold && (lanes >> lane) & 1)
          this.scanned[count++] = ((sum << 16) | (group * groupSize + lane)) >>> 0
      }
    }
    return count
  }

  private loopsOf(part: Rows): Loops | undefined {
    if (!this.module || !part.memory) return undefined
    let loops = this.instances.get(part)
    if (!loops) {
      const host = { memory: part.memory, other: this.other }
      loops = new WebAssembly.Instance(this.module, { host }).exports as Loops
      this.instances.set(part, loops)
    }
    return loops
  }
}

type Loops = {
  scan(
    codes: number,
    width: number,
    groups: number,
    tables: number,
    threshold: number,
    first: number,
    out: number,
  ): number
  scanList(
    codes: number,
    width: number,
    groups: number,
    tables: number,
    threshold: number,
    list: number,
    out: number,
  ): number
  dots(rows: number, dims: number, query: number, list: number, count: number, out: number): void
}

/** Sums of a query's table entries must fit 16 bits: 4,096 / 4 * 63. */
const mostDims = 4_096
// The thread's own memory: 32 bytes for the sums of a group, then tables, query, and lists as long as a segment.
const tablesAt = 64
const queryAt = tablesAt + 2 * mostDims * 4
const scannedAt = queryAt + mostDims * 2
const listAt = scannedAt + (segmentCapacity + groupSize) * 4
const productsAt = listAt + segmentCapacity * 4
const memoryEnd = productsAt + segmentCapacity * 4
