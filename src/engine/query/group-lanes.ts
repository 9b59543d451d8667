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

  constructor(part: VectorPart, allowed: Uint8Array | undefined) {
    const { count, scales } = part
    const groups = Math.ceil(count / groupSize)
    this.entries = new Uint32Array(groups)
    this.held = new Uint8Array(groups)
    let all = 0
    for (let group = 0, place = 0; group < groups; group++) {
      let lanes = 0
      let held = 0
      for (let lane = 0; lane < groupSize && place < count; lane++, place++) {
        if (scales[place] === 0 || allowed?.[part.documentAt(place)] === 0) continue
        lanes |= 1 << lane
        held++
      }
      this.entries[group] = (lanes << 16) | group
      this.held[group] = held
      all += held
    }
    this.count = all
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
  const lanes = new GroupLanes(part, allowed)
  known.set(key, { part, lanes })
  return lanes
}
