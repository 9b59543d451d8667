import { setTimeout as sleep } from 'node:timers/promises'
import { type Db, inDurableTransaction, inTransaction } from '../db/index.ts'

type Waiting = { work: (tx: Db) => Promise<unknown>; resolve: (value: never) => void; reject: (error: unknown) => void }

/** More than this in one commit gains nothing. */
const MOST_AT_ONCE = 64

export type GroupCommitOptions = {
  /** Whether a commit must be on the disk before anybody goes on: it survives a power cut, not only the program's end. */
  isDurable: boolean
  /** How long the first write waits for company, in milliseconds. */
  gatherMs: number
}

/**
 * Small writes from many mails under way, put into one commit: waiting for the disk is what costs. A write that fails
 * takes its companions along; each of them is told.
 */
export class GroupCommit {
  #db: Db
  #options: GroupCommitOptions
  #waiting: Waiting[] = []
  #isWriting = false

  constructor(db: Db, options: GroupCommitOptions) {
    this.#db = db
    this.#options = options
  }

  /** Resolves when what was written is committed. */
  write<T>(work: (tx: Db) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as never, reject })
      if (!this.#isWriting) void this.#flush()
    })
  }

  async #flush(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0) {
      if (this.#options.gatherMs > 0 && this.#waiting.length < MOST_AT_ONCE) await sleep(this.#options.gatherMs)
      const group = this.#waiting.splice(0, MOST_AT_ONCE)
      const commit = this.#options.isDurable ? inDurableTransaction : inTransaction
      try {
        const values = await commit(this.#db, async (tx) => {
          const results: unknown[] = []
          for (const { work } of group) results.push(await work(tx))
          return results
        })
        for (const [index, { resolve }] of group.entries()) resolve(values[index] as never)
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#isWriting = false
  }
}
