/** Entries; twice as many as there can be candidates at least. */
const size = 2_048

/** Positions by id, for some hundred ids at a time: a hash table that is made once. */
export class IdTable {
  private readonly ids = new Float64Array(size)
  private readonly positions = new Int16Array(size)

  clear(): void {
    this.positions.fill(-1)
  }

  /** The position of an id that was put before; else puts it at `position` and answers -1. */
  findOrPut(id: number, position: number): number {
    let slot = (Math.imul(id, 0x9e3779b1) >>> 0) % size
    while (this.positions[slot]! >= 0) {
      if (this.ids[slot] === id) return this.positions[slot]!
      slot = (slot + 1) % size
    }
    this.ids[slot] = id
    this.positions[slot] = position
    return -1
  }
}
