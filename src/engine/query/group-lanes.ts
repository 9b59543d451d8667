import { groupSize } from '../vector/sign-codes.ts'
import type { VectorPart } from '../vector/vector-part.ts'
import type { Mask } from './filter-mask.ts'

/** Which documents of each group of a part may be hits and have a vector. */
export class GroupLanes {
  /** For each group `lanes << 16 | group`: bit n of the lanes is set for the document n of the group. */
  readonly entries: Uint32Array
  /** How many documents these are. */
  readonly held: Uint8Array
  /** Of all groups together. */
  readonly count: number
  private some: Uint32Array | undefined

  /** `all`: those of a part without a filter. */
  constructor(part: VectorPart, allowed?: Uint8Array, all?: GroupLanes) {
    const groups = Math.ceil(part.count / groupSize)
    this.entries = new Uint32Array(groups)
    this.held = new Uint8Array(groups)
    const { entries, held } = this
    const { order, scales } = part
    let count = 0
    for (let group = 0; group < groups; group++) {
      let lanes = 0
      const first = group * groupSize
      const end = Math.min(groupSize, part.count - first)
      // Without a branch for each document: a filter leaves now this one and now that.
      if (!allowed) for (let lane = 0; lane < end; lane++) lanes |= +(scales[first + lane]! > 0) << lane
      else if (order) for (let lane = 0; lane < end; lane++) lanes |= allowed[order[first + lane]!]! << lane
      else for (let lane = 0; lane < end; lane++) lanes |= allowed[first + lane]! << lane
      if (all) lanes &= all.entries[group]! >>> 16
      entries[group] = (lanes << 16) | group
      held[group] = bitsIn(lanes)
      count += held[group]!
    }
    this.count = count
  }

  /** The entries of groups that hold any. */
  get filled(): Uint32Array {
    this.some ??= this.held.includes(0) ? this.entries.filter((_, group) => this.held[group]! > 0) : this.entries
    return this.some
  }
}

/** Masks are kept from one query to the next, and so is what is known of them. */
const known = new WeakMap<Uint8Array | VectorPart, { part: VectorPart; lanes: GroupLanes }>()

export function groupLanes(part: VectorPart, { allowed }: Mask): GroupLanes {
  const key = allowed ?? part
  const before = known.get(key)
  if (before?.part === part) return before.lanes
  const lanes = allowed ? new GroupLanes(part, allowed, groupLanes(part, { count: part.count })) : new GroupLanes(part)
  known.set(key, { part, lanes })
  return lanes
}

/** How many of 16 bits are set. */
function bitsIn(lanes: number): number {
  const twos = lanes - ((lanes >> 1) & 0x5555)
  const fours = (twos & 0x3333) + ((twos >> 2) & 0x3333)
  const eights = (fours + (fours >> 4)) & 0x0f0f
  return (eights + (eights >> 8)) & 31
}
