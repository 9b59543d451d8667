import type { EnginePage, EngineQuery } from '../query/engine-query.ts'
import { clearMeeting, createMeeting } from '../query/shared-work.ts'
import { type EngineThread, ThreadEndedError } from './thread.ts'
import type { ThreadPool } from './thread-pool.ts'

/** In fewer documents one thread has found everything before another is awake. */
const leastShared = 10_000

/**
 * Asks the threads that search. A question that finds two of them idle is answered by both together, in about half the time;
 * while others wait, each has a thread of its own, which answers the most of them.
 */
export class SearchThreads {
  private readonly pool: ThreadPool
  private readonly onProblem: (message: string, cause: unknown) => void
  /** Where nobody is. */
  private readonly free = [createMeeting(), createMeeting()]
  /** A helper whose leader has answered: it has nothing left to do, only its own word of that is still on the way. */
  private ending: EngineThread | undefined

  constructor(pool: ThreadPool, onProblem: (message: string, cause: unknown) => void) {
    this.pool = pool
    this.onProblem = onProblem
  }

  search(query: EngineQuery, documents: number): Promise<EnginePage> {
    const pair = documents >= leastShared && isDivisible(query) ? this.pool.idlePair(this.ending) : undefined
    const meeting = pair && this.free.pop()
    if (!meeting) return this.pool.ask('search', { query })
    clearMeeting(meeting)
    const [leader, helper] = pair
    this.ending = undefined
    const answer = leader.ask('search', { query, meeting })
    let isHelping = true
    const help = helper.ask('assist', { query, meeting }).catch((error) => {
      // The leader does without; of a thread that ended its pool tells.
      if (!(error instanceof ThreadEndedError))
        this.onProblem('A search was answered by one thread in place of two.', error)
    })
    const helped = help.then(() => {
      isHelping = false
      if (this.ending === helper) this.ending = undefined
    })
    const answered = answer.then(
      () => {
        if (isHelping) this.ending = helper
      },
      () => {}, // whoever asked has the error
    )
    void Promise.all([helped, answered]).then(() => this.free.push(meeting))
    return answer
  }
}

/** Ranking is shared between threads; conditions, lists in other orders and what is being typed are not. */
const isDivisible = ({ order = 'relevance', typing, limit, conditions = [] }: EngineQuery) =>
  order === 'relevance' && !typing && limit > 0 && conditions.length === 0
