import type { Db } from '../db/index.ts'
import { addDays, type Day } from '../papers/index.ts'
import { gatheringOf } from './paper-queries.ts'

const unfinished = ['pending', 'stale', 'broken']
/** An instance that gathered nothing for this long gets its papers in another way, and waits for nothing. */
const LATELY_DAYS = 10

/** Whether a day has all it is going to get: every followed subject of arXiv is in, or nothing is gathered here at all. */
export async function isDayGathered(db: Db, day: Day): Promise<boolean> {
  const { states, gathersAtAll } = await gatheringOf(db, day, addDays(day, -LATELY_DAYS))
  if (!gathersAtAll) return true
  return states.length > 0 && !states.some((state) => unfinished.includes(state))
}
