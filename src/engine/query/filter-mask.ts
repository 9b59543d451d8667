import type { Segment } from '../segments/snapshot.ts'
import { flagHasCode, flagWithdrawn } from '../segments/text-builder.ts'
import type { TextPart } from '../segments/text-part.ts'
import type { EngineFilter } from './engine-query.ts'

/** Which documents of a segment may be hits: one byte each, 1 for yes. `count` of them; undefined where all may. */
export type Mask = { allowed?: Uint8Array; count: number }

/** Filters of which a segment keeps the mask: those of the last readers and of facets. Each takes a byte a document. */
const mostKept = 6
const kept = new WeakMap<Segment, Map<string, Mask>>()

/** The documents of a segment that are there and pass the filter. The mask is shared: not to be written to. */
export function filterMask(segment: Segment, filter: EngineFilter): Mask {
  // Lists of ids are long, and seldom the same twice.
  if (filter.ids || (filter.withoutIds?.length ?? 0) > 0) return makeMask(segment, filter)
  const masks = kept.get(segment) ?? new Map<string, Mask>()
  kept.set(segment, masks)
  const key = JSON.stringify(filter)
  const mask = masks.get(key) ?? makeMask(segment, filter)
  masks.delete(key)
  masks.set(key, mask)
  if (masks.size > mostKept) masks.delete(masks.keys().next().value!)
  return mask
}

function makeMask({ text, gone }: Segment, filter: EngineFilter): Mask {
  const withdrawn = filter.withdrawn ?? 'hidden'
  let allowed: Uint8Array | undefined
  const mask = () => (allowed ??= new Uint8Array(text.count).fill(1))
  const keep = (wanted: Uint8Array) => {
    const bytes = mask()
    for (let n = 0; n < bytes.length; n++) bytes[n] = (bytes[n] as number) & (wanted[n] as number)
  }
  if (gone) for (let n = 0, bytes = mask(); n < bytes.length; n++) if (gone.dead[n]) bytes[n] = 0
  if (filter.ids)
    keep(
      marked(
        text,
        filter.ids.map((id) => text.find(id)),
      ),
    )
  for (const id of filter.withoutIds ?? []) clear(mask(), text.find(id))
  for (const group of filter.categories ?? []) {
    const wanted = new Uint8Array(text.count)
    for (const name of group) {
      const documents = text.inCategory(name)
      for (let n = 0; n < documents.length; n++) wanted[documents[n]!] = 1
    }
    if (allowed) keep(wanted)
    else allowed = wanted
  }
  for (const name of filter.withoutCategories ?? []) for (const n of text.inCategory(name)) clear(mask(), n)
  const { fromDay = Number.NEGATIVE_INFINITY, toDay = Number.POSITIVE_INFINITY } = filter
  if (text.firstDay < fromDay || text.lastDay > toDay) keepDays(mask(), text, fromDay, toDay)
  const hideWithdrawn = withdrawn === 'hidden' && text.hasWithdrawn
  if (hideWithdrawn || withdrawn === 'only' || filter.hasCode !== undefined) {
    const bytes = mask()
    const care =
      (hideWithdrawn || withdrawn === 'only' ? flagWithdrawn : 0) | (filter.hasCode === undefined ? 0 : flagHasCode)
    const want = (withdrawn === 'only' ? flagWithdrawn : 0) | (filter.hasCode ? flagHasCode : 0)
    for (let n = 0; n < bytes.length; n++) if (((text.flags[n] as number) & care) !== want) bytes[n] = 0
  }
  return { allowed, count: allowed ? countOf(allowed) : text.count }
}

/** Without a branch for each document, as days come in any order, and with whole numbers only. */
function keepDays(bytes: Uint8Array, { days, firstDay, lastDay }: TextPart, fromDay: number, toDay: number): void {
  const from = Math.ceil(Math.max(fromDay, firstDay)) | 0
  const to = Math.floor(Math.min(toDay, lastDay)) | 0
  if (fromDay > lastDay || toDay < firstDay) bytes.fill(0)
  else for (let n = 0; n < bytes.length; n++) bytes[n]! &= +(days[n]! >= from) & +(days[n]! <= to)
}

function marked(text: TextPart, documents: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(text.count)
  for (const document of documents) if (document >= 0) bytes[document] = 1
  return bytes
}

function clear(bytes: Uint8Array, document: number): void {
  if (document >= 0) bytes[document] = 0
}

export function countOf(allowed: Uint8Array): number {
  let count = 0
  for (let n = 0; n < allowed.length; n++) count += allowed[n] as number
  return count
}
