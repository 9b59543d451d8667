import { type Db, enqueueJob, inTransaction, lockForWriting } from '../db/index.ts'
import { recordChanges } from './change-log.ts'
import { insertMergeCandidate, insertRelation } from './merge-queries.ts'
import type { PaperId, PaperRecord } from './paper.ts'
import { type Finding, openRegister, type Slot, standing } from './paper-register.ts'
import { type PaperState, type PreparedPaper, preparePaper } from './paper-state.ts'
import { deletePaperParts, insertStates, updatePaperRow } from './queries.ts'

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
  const register = await openRegister(tx, incoming)
  const placed = incoming.map((state) => register.place(state))
  await register.settle(placed)
  const slots = placed.map(standing)

  const distinct = new Set(slots)
  const newStates = [...distinct].filter((slot) => slot.current.id === undefined).map((slot) => slot.current)
  const ids = await insertStates(tx, newStates)
  for (const slot of distinct) {
    if (slot.stored && slot.current !== slot.stored) await rewrite(tx, slot.stored, slot.current)
  }
  const idOf = (slot: Slot) => slot.current.id ?? (ids.get(slot.current) as PaperId)
  const changed = [...distinct].filter((slot) => slot.current !== slot.stored)
  await recordChanges(tx, changed.map(idOf))
  await noteFindings(tx, register.findings(), idOf, incoming[0]?.row.changed_at ?? '')

  const seen = new Set<Slot>()
  return slots.map((slot) => {
    const isFirst = !seen.has(slot)
    seen.add(slot)
    if (!slot.stored) return { paperId: idOf(slot), outcome: isFirst ? 'added' : 'unchanged' }
    return { paperId: idOf(slot), outcome: isFirst && slot.current !== slot.stored ? 'updated' : 'unchanged' }
  })
}

async function rewrite(tx: Db, stored: PaperState, state: PaperState): Promise<void> {
  await updatePaperRow(tx, state)
  await deletePaperParts(tx, stored)
  await insertStates(tx, [state])
}

/** Stored papers that turned out to be one are joined by a job soon after: others keep something of them as well. */
async function noteFindings(
  tx: Db,
  findings: readonly Finding[],
  idOf: (slot: Slot) => PaperId,
  instant: string,
): Promise<void> {
  if (findings.length === 0) return
  let isWorkToDo = false
  for (const { kind, one, other, reason } of findings) {
    const pair = [idOf(standing(one)), idOf(standing(other))] as const
    if (pair[0] === pair[1]) continue
    if (kind === 'related') await insertRelation(tx, pair, instant)
    else {
      await insertMergeCandidate(tx, pair, reason, instant)
      isWorkToDo = true
    }
  }
  if (isWorkToDo) await enqueueJob(tx, { kind: mergeJob, key: mergeJob }, new Date(instant))
}

/** The job that joins what was found to be one paper. */
export const mergeJob = 'merge-papers'
