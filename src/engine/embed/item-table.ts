import { GAP, hashPair, isStopWord, type Tokens } from './tokens.ts'

/** Letters of a word's beginning that stand for it when the word itself is not known; longest first. */
const PREFIX_LENGTHS = [8, 6, 5] as const
/** Mixed into the hash of a beginning, so that it is never taken for a word. */
const PREFIX_SALT = 0x9e3779b9
const FACTOR = 0x01000193

/** From the hash of a word, pair or beginning to its row. Open addressing, at most a third full. */
export type ItemTable = { mask: number; keys: Uint32Array; rows: Int32Array }

/** `hashes[row]` is the hash of each item; of two with the same hash the first is kept. 0 stands for "no item". */
export function createItemTable(hashes: Uint32Array): ItemTable {
  let size = 1024
  while (size < hashes.length * 3) size *= 2
  const table = { mask: size - 1, keys: new Uint32Array(size), rows: new Int32Array(size).fill(-1) }
  for (let row = 0; row < hashes.length; row++) {
    const hash = hashes[row]!
    if (hash === 0) continue
    let slot = hash & table.mask
    while (table.rows[slot]! >= 0 && table.keys[slot] !== hash) slot = (slot + 1) & table.mask
    if (table.rows[slot]! >= 0) continue
    table.keys[slot] = hash
    table.rows[slot] = row
  }
  return table
}

/** The row of an item, or -1. */
export function rowOf({ mask, keys, rows }: ItemTable, hash: number): number {
  let slot = hash & mask
  while (rows[slot]! >= 0) {
    if (keys[slot] === hash) return rows[slot]!
    slot = (slot + 1) & mask
  }
  return -1
}

/** Hashes of the beginnings that may stand for an unknown word, longest first. None for short words and numbers. */
export function beginningsOf(tokens: Tokens, index: number): number[] {
  const start = tokens.starts[index]!
  const length = tokens.ends[index]! - start
  return PREFIX_LENGTHS.filter((prefix) => length > prefix).map((prefix) => {
    let hash = PREFIX_SALT
    for (let i = start; i < start + prefix; i++) hash = Math.imul(hash ^ (tokens.folded.charCodeAt(i) | 32), FACTOR)
    return hash >>> 0
  })
}

/** The row of token `index` as a word, else of its longest known beginning, else -1. */
export function wordRow(table: ItemTable, tokens: Tokens, index: number): number {
  const row = rowOf(table, tokens.hashes[index]!)
  if (row >= 0 || tokens.ends[index]! - tokens.starts[index]! <= PREFIX_LENGTHS[2]) return row
  for (const hash of beginningsOf(tokens, index)) {
    const beginning = rowOf(table, hash)
    if (beginning >= 0) return beginning
  }
  return -1
}

/** The hash of token `index` and the one before it as a pair, or 0 where they do not form one. */
export function pairHash(tokens: Tokens, index: number): number {
  if (index === 0 || tokens.gaps[index] !== GAP.none) return 0
  const [first, second] = [tokens.hashes[index - 1]!, tokens.hashes[index]!]
  if (isStopWord(first) || isStopWord(second)) return 0
  return hashPair(first, second)
}
