import { type Db, listen, lockForWriting, notify } from '../db/index.ts'
import type { PaperId } from './paper.ts'
import { writeChanges } from './queries.ts'

const TOPIC = 'papers changed'

/**
 * Notes that these papers changed, came or went, in the transaction that changes them; what follows the papers (the
 * search index) reads the numbers in order. Writers take turns until they commit, so that a smaller number never
 * becomes visible after a larger one; PostgreSQL's own sequences do not promise that.
 */
export async function recordChanges(tx: Db, ids: readonly PaperId[]): Promise<void> {
  if (ids.length === 0) return
  if (!tx.isTransaction) throw new Error('changes of papers are recorded in the transaction that makes them')
  await lockForWriting(tx, 'papers')
  await writeChanges(tx, [...new Set(ids)])
  notify(tx, TOPIC)
}

/**
 * Calls back when this program writes changes of papers, shortly before they are committed. Other programs are not
 * heard. Returns what ends it.
 */
export function onChanges(db: Db, heard: () => void): () => void {
  return listen(db, TOPIC, heard)
}
