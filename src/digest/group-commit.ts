import { type Db, inDurableTransaction } from '../db/index.ts'

type Waiting = { work: (tx: Db) => Promise<unknown>; resolve: (value: never) => void; reject: (error: unknown) => void }

/**
 * Small writes from many mails under way, put into one commit that reaches the disk: while one is being written, the
 * next gathers. A write that fails takes its companions along; each of them is told.
 */
export class GroupCommit {
  #db: Db
  #waiting: Waiting[] = []
  #isWriting = false

  constructor(db: Db) {
    this.#db = db
  }

  /** Resolves when what was written is on the disk. */
  write<T>(work: (tx: Db) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as never, reject })
      if (!this.#isWriting) void this.#flush()
    })
  }

  async #flush(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0)
      try {
        const values = await inDurableTransaction(this.#db, async (tx) => {
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
