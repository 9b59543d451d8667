import { type Db, moveReferences } from '../db/index.ts'
import { recordChanges } from './change-log.ts'
import { areDistinct } from './identity.ts'
import { mergePaper } from './merge-paper.ts'
import { deletePaper, repointCandidates } from './merge-queries.ts'
import type { PaperId } from './paper.ts'
import { type PaperState, withDerivedColumns } from './paper-state.ts'
import { deletePaperParts, insertStates, loadStates, updatePaperRow } from './queries.ts'

/** Two stored papers as they are now, and which of them stays; undefined when they are no longer two, or ids say they are. */
export async function papersToJoin(
  tx: Db,
  one: PaperId,
  other: PaperId,
): Promise<{ kept: PaperState; gone: PaperState } | undefined> {
  const states = await loadStates(tx, [one, other])
  const [first, second] = states.toSorted(byTrust)
  if (!first || !second || areDistinct(first.identifiers, second.identifiers)) return undefined
  return { kept: first, gone: second }
}

/** The record of the archive itself stays; among equals the one that came first. */
function byTrust(a: PaperState, b: PaperState): number {
  const isArxiv = (state: PaperState) => Number(state.row.source === 'arxiv')
  return isArxiv(b) - isArxiv(a) || (a.id as number) - (b.id as number)
}

/**
 * One paper takes in another: ids, texts that were missing, versions, links, counts; votes, submissions and whatever
 * else names it move over, and all its old addresses lead to the one that stays. What other rooms derive is theirs to renew.
 */
export async function absorbPaper(tx: Db, kept: PaperState, gone: PaperState, now: Date): Promise<void> {
  const [keptId, goneId] = [kept.id as PaperId, gone.id as PaperId]
  await moveReferences(tx, goneId, keptId)
  await repointCandidates(tx, goneId, keptId, now.toISOString())
  await deletePaperParts(tx, gone)
  await deletePaper(tx, goneId)
  const instant = now.toISOString()
  const united = mergePaper(kept, { ...gone, row: { ...gone.row, changed_at: instant } })
  const merged = withDerivedColumns({
    ...united,
    row: {
      ...united.row,
      changed_at: instant,
      first_seen_at: [kept.row.first_seen_at, gone.row.first_seen_at].toSorted()[0] as string,
    },
  })
  await updatePaperRow(tx, merged)
  await deletePaperParts(tx, kept)
  await insertStates(tx, [merged])
  await recordChanges(tx, [keptId, goneId])
}
