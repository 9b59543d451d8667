import { type Db, inTransaction, lockForWriting } from '../db/index.ts'
import { recordChanges } from './change-log.ts'
import { isSamePaper } from './identity.ts'
import { mergePaper } from './merge-paper.ts'
import type { PaperId, PaperRecord } from './paper.ts'
import { type PaperState, type PreparedPaper, preparePaper, resemblanceOf } from './paper-state.ts'
import {
  deletePaperParts,
  insertStates,
  loadStates,
  paperIdsByIdentifier,
  paperIdsByTitleHash,
  updatePaperRow,
} from './queries.ts'

export type UpsertOutcome = { paperId: PaperId; outcome: 'added' | 'updated' | 'unchanged' }

/**
 * Stores a batch of records (some hundreds at a time) in one transaction. The same paper twice is one paper: by any
 * shared identifier first, else by folded title and first author; what both know is united. Answers in the order of
 * the records. Running it again with the same records changes nothing.
 */
export function upsertPapers(db: Db, records: readonly PaperRecord[], now: Date): Promise<UpsertOutcome[]> {
  return upsertPrepared(
    db,
    records.map((record) => preparePaper(record, now)),
  )
}

/** Papers compared with what is stored at a time: bounds the memory of a large transaction, at about 5 kB each. */
const COMPARED_AT_ONCE = 500

/** The same for records that were prepared before, such as in another thread. */
export function upsertPrepared(db: Db, incoming: readonly PreparedPaper[]): Promise<UpsertOutcome[]> {
  return inTransaction(db, async (tx) => {
    await lockForWriting(tx, 'papers')
    const outcomes: UpsertOutcome[] = []
    for (let start = 0; start < incoming.length; start += COMPARED_AT_ONCE) {
      outcomes.push(...(await upsertSlice(tx, incoming.slice(start, start + COMPARED_AT_ONCE))))
    }
    return outcomes
  })
}

async function upsertSlice(tx: Db, incoming: readonly PreparedPaper[]): Promise<UpsertOutcome[]> {
  const register = await registerOf(tx, incoming)
  const slots = incoming.map((state) => register.place(state))

  const added = slots.filter((slot) => slot.current.id === undefined)
  const newStates = [...new Set(added)].map((slot) => slot.current)
  const ids = await insertStates(tx, newStates)
  for (const slot of new Set(slots)) {
    if (slot.stored && slot.current !== slot.stored) await rewrite(tx, slot.stored, slot.current)
  }
  const changed = [...new Set(slots)].filter((slot) => slot.current !== slot.stored)
  await recordChanges(
    tx,
    changed.map(({ current }) => current.id ?? (ids.get(current) as PaperId)),
  )

  const seen = new Set<Slot>()
  return slots.map((slot) => {
    const isFirst = !seen.has(slot)
    seen.add(slot)
    const paperId = slot.current.id ?? (ids.get(slot.current) as PaperId)
    if (!slot.stored) return { paperId, outcome: isFirst ? 'added' : 'unchanged' }
    return { paperId, outcome: isFirst && slot.current !== slot.stored ? 'updated' : 'unchanged' }
  })
}

/** One paper of the batch: as the database holds it, if it does, and as it will be. */
type Slot = { stored?: PaperState; current: PaperState }

/** Knows every paper that the batch could be about, those of the batch itself included. */
async function registerOf(tx: Db, incoming: readonly PaperState[]) {
  const byIdentifier = new Map<string, Slot>()
  const byTitle = new Map<string, Slot[]>()
  const add = (slot: Slot) => {
    for (const { source, id } of slot.current.identifiers) byIdentifier.set(`${source}:${id}`, slot)
    const sameTitle = byTitle.get(slot.current.titleKey)
    if (!sameTitle) byTitle.set(slot.current.titleKey, [slot])
    else if (!sameTitle.includes(slot)) sameTitle.push(slot)
  }
  const known = await paperIdsByIdentifier(
    tx,
    incoming.flatMap((state) => state.identifiers),
  )
  const sameTitle = await paperIdsByTitleHash(
    tx,
    incoming.map((state) => state.row.title_hash),
  )
  for (const stored of await loadStates(tx, [...new Set([...known, ...sameTitle])])) add({ stored, current: stored })

  const find = (state: PaperState): Slot | undefined => {
    for (const { source, id } of state.identifiers) {
      const slot = byIdentifier.get(`${source}:${id}`)
      if (slot) return slot
    }
    const alike = byTitle
      .get(state.titleKey)
      ?.filter((slot) => isSamePaper(resemblanceOf(slot.current), resemblanceOf(state)))
    return alike?.length === 1 ? alike[0] : undefined
  }
  const place = (state: PaperState): Slot => {
    let slot = find(state)
    if (slot) slot.current = mergePaper(slot.current, withoutForeignIdentifiers(state, slot))
    else slot = { current: state }
    add(slot)
    return slot
  }
  /** An identifier that already names another paper stays with that one. */
  const withoutForeignIdentifiers = (state: PaperState, slot: Slot): PaperState => {
    const isOurs = ({ source, id }: { source: string; id: string }) =>
      (byIdentifier.get(`${source}:${id}`) ?? slot) === slot
    return state.identifiers.every(isOurs) ? state : { ...state, identifiers: state.identifiers.filter(isOurs) }
  }
  return { place }
}

async function rewrite(tx: Db, stored: PaperState, state: PaperState): Promise<void> {
  await updatePaperRow(tx, state)
  await deletePaperParts(tx, stored)
  await insertStates(tx, [state])
}
