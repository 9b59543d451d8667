import { DOCUMENT_ITEMS, QUERY_ITEMS } from './pairs.ts'

/** Shape of one training run; everything in the shared memory follows from it. */
export type Shape = { items: number; dims: number; batch: number; threads: number }

/** Lists of one batch. `text`: rows of each text, the batch's queries first, then its documents; `item`: texts of each row. */
export type BatchLists = {
  textStarts: number
  textRows: number
  /** Rows that occur, ascending. */
  items: number
  itemStarts: number
  itemTexts: number
}

/** Byte addresses of all arrays. Float32 unless said. */
export type Layout = {
  rows: number
  momentum: number
  secondMoment: number
  /** Uint32: how often each row was updated. */
  updates: number
  /** Unit vectors of the texts. */
  unit: number
  inverseLength: number
  gradient: number
  /** Documents by panels of eight documents, and of eight dimensions; queries of eight dimensions. */
  documentsAcross: number
  documents: number
  queries: number
  /** batch x batch: exp(similarity * scale), then the weights of the gradient. */
  weights: number
  rowSums: number
  columnSums: number
  diagonal: number
  lists: [BatchLists, BatchLists]
  scratch: number
  scratchBytes: number
  pages: number
}

/** Texts, rows and columns are handed to threads in units of this many. */
export const UNIT = 64
/** Length of the inner sums kept in the first-level cache. */
export const BLOCK = 512
const PAGE = 65_536

export function layoutOf({ items, dims, batch, threads }: Shape): Layout {
  let end = 1024
  const place = (bytes: number): number => {
    const at = end
    end += Math.ceil(bytes / 256) * 256
    return at
  }
  const capacity = batch * (QUERY_ITEMS + DOCUMENT_ITEMS)
  const lists = (): BatchLists => ({
    textStarts: place((2 * batch + 1) * 4),
    textRows: place(capacity * 4),
    items: place(items * 4),
    itemStarts: place((items + 1) * 4),
    itemTexts: place(capacity * 4),
  })
  const scratchBytes = Math.max(UNIT * BLOCK, dims * 2) * 4
  const layout = {
    rows: place(items * dims * 4),
    momentum: place(items * dims * 4),
    secondMoment: place(items * 4),
    updates: place(items * 4),
    unit: place(2 * batch * dims * 4),
    inverseLength: place(2 * batch * 4),
    gradient: place(2 * batch * dims * 4),
    documentsAcross: place(batch * dims * 4),
    documents: place(batch * dims * 4),
    queries: place(batch * dims * 4),
    weights: place(batch * batch * 4),
    rowSums: place(batch * 4),
    columnSums: place(batch * 4),
    diagonal: place(batch * 4),
    lists: [lists(), lists()] as [BatchLists, BatchLists],
    scratch: place(threads * scratchBytes),
    scratchBytes,
  }
  return { ...layout, pages: Math.ceil(end / PAGE) + 1 }
}
