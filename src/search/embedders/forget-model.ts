import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Db } from '../../db/index.ts'
import { deleteVectors } from './vector-queries.ts'

/** Vectors deleted with one statement: a site beside this waits for no more than that, some tens of milliseconds. */
const DELETED_AT_ONCE = 2_000

/** Deletes all vectors of a model; answers how many they were. Cut short, it goes on where it was. */
export async function forgetModel(db: Db, model: string): Promise<number> {
  for (let forgotten = 0; ; ) {
    const some = await deleteVectors(db, model, DELETED_AT_ONCE)
    forgotten += some
    if (some < DELETED_AT_ONCE) return forgotten
    await nextTurn()
  }
}
