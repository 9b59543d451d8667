import { type Db, inTransaction } from '../db/index.ts'
import { raiseRevisions } from '../papers/index.ts'
import { papersSubmittedBy } from './submission-queries.ts'

/** Cards show who submitted a paper: to be called when somebody has another name, or has left. */
export function refreshCardsOf(db: Db, personId: string): Promise<void> {
  return inTransaction(db, async (tx) => raiseRevisions(tx, await papersSubmittedBy(tx, personId)))
}
