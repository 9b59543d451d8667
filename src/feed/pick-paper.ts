import { type Db, inTransaction } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { type PaperId, raiseRevisions } from '../papers/index.ts'
import { recordAdminAction } from '../people/index.ts'
import { deletePick, insertPick, isStored, pickOf } from './editor-queries.ts'

/** Who changes something as an editor, when, and why. */
export type EditorChange = { actorId: string; at: Date; reason?: string; undoes?: number }

/** Marks a paper as a pick, or takes the mark away. Logged; saying the same twice changes nothing. */
export function pickPaper(db: Db, paperId: PaperId, wanted: 'picked' | 'none', change: EditorChange): Promise<void> {
  return inTransaction(db, async (tx) => {
    if (!(await isStored(tx, paperId))) throw new AppError('paper_not_found', 'This paper is not stored any more.')
    const known = await pickOf(tx, paperId)
    if ((known !== undefined) === (wanted === 'picked')) return
    if (wanted === 'picked') await insertPick(tx, paperId, change.actorId, change.at)
    else await deletePick(tx, paperId)
    await raiseRevisions(tx, [paperId])
    await recordAdminAction(tx, {
      ...change,
      kind: wanted === 'picked' ? 'pick.add' : 'pick.remove',
      subject: `paper:${paperId}`,
      before: known ? 'picked' : null,
      after: wanted === 'picked' ? 'picked' : null,
    })
  })
}
