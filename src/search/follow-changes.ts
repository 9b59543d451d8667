import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Db } from '../db/index.ts'
import { lastChange, onChanges, type PaperId } from '../papers/index.ts'
import { documentsOf } from './documents.ts'
import type { SearchDocument, SearchIndex } from './port.ts'
import { changesAfter } from './queries.ts'

/** Papers read at a time: about 10 ms, so that no page waits longer. */
const PAPERS_READ_AT_ONCE = 200
/** Papers handed over at a time, some 3 MB: the index makes a piece of each, and fewer pieces are faster to build. */
const PAPERS_PUT_AT_ONCE = 1_000
/** How long another program's changes may go unnoticed. A look costs microseconds. */
const POLL_MS = 500
/** After a change in this program, which may not be committed yet, the next looks come sooner, each twice as late. */
const SOON_MS = 5
/** After an error: the database or the index may be better in a moment. */
const RETRY_MS = 5_000
const MENDING = 'A part of the search index was damaged. All papers are indexed again; searches go on meanwhile.'

export type Following = AsyncDisposable & {
  /** Number of the last change applied, and how many are known to come after it. */
  progress(): { appliedSeq: number; behind: number; problem?: string }
  /** Resolves once everything that was committed before the call can be found. Rejects when following ended. */
  caughtUp(): Promise<void>
}

/**
 * Keeps an index equal to the papers: applies what it missed, then every change as it comes, in order. Memory is bounded
 * by one batch, whatever there is to catch up with; between batches everybody else has a turn.
 */
export async function followChanges(
  db: Db,
  index: SearchIndex,
  onProblem: (problem: unknown) => void,
): Promise<Following> {
  // Known before anybody asks: an index that has everything before it must not pass for one that is behind nothing.
  let { appliedSeq } = await index.status()
  let newest = Math.max(appliedSeq, await lastChange(db))
  let problem: string | undefined
  /** While an index that lost something is given it again: what it had before. */
  let hadSeq = 0
  let isGivenAgain = false
  let isStopped = false
  let delay = SOON_MS
  let wake = () => {}
  const waiting = new Set<{ seq: number; resolve: () => void; reject: (error: Error) => void }>()
  const nudge = () => {
    delay = SOON_MS
    wake()
  }
  const forget = onChanges(db, nudge)

  /** What was read last, and what becomes of it: the next papers are read while the index takes in the ones before. */
  let readSeq = appliedSeq
  let putting: Promise<void> = Promise.resolve()

  /** Reads the next papers, some at a time. Undefined when there is nothing to apply. */
  const readNext = async () => {
    const documents: SearchDocument[] = []
    const gone: PaperId[] = []
    let last = readSeq
    for (let read = 0; read < PAPERS_PUT_AT_ONCE; read += PAPERS_READ_AT_ONCE) {
      const changes = await changesAfter(db, last, PAPERS_READ_AT_ONCE)
      const ids = changes.map((change) => change.paper_id)
      const found = await documentsOf(db, ids)
      const there = new Set(found.map((document) => document.id))
      documents.push(...found)
      gone.push(...ids.filter((id) => !there.has(id)))
      last = changes.at(-1)?.seq ?? last
      if (changes.length < PAPERS_READ_AT_ONCE || isStopped) break
      await nextTurn()
    }
    return last === readSeq ? undefined : { documents, gone, last }
  }
  /** Applies one batch; false when there was nothing. */
  const applyNext = async (): Promise<boolean> => {
    const batch = await readNext()
    await putting
    if (!batch) return false
    const { documents, gone, last } = batch
    readSeq = last
    newest = Math.max(newest, last, documents.length < PAPERS_PUT_AT_ONCE ? 0 : await lastChange(db))
    putting = hand(documents, gone, last).then(() => {
      appliedSeq = last
      settle()
    })
    putting.catch(() => {}) // told by whoever waits for it next
    return true
  }
  /** The number comes with the last call: whatever is cut off before it is done again. */
  const hand = async (documents: SearchDocument[], gone: PaperId[], last: number) => {
    if (gone.length > 0) await index.remove(gone, documents.length === 0 ? last : undefined)
    if (documents.length > 0) await index.put(documents, last)
  }
  const settle = () => {
    for (const one of waiting) {
      if (one.seq > appliedSeq) continue
      waiting.delete(one)
      one.resolve()
    }
  }
  /** Begins again where an index is that has less than it was given. Once, so that nothing goes round and round. */
  const giveAgain = async (): Promise<boolean> => {
    const { appliedSeq: held } = await index.status()
    const isLost = held < appliedSeq
    const begins = isLost && !isGivenAgain
    isGivenAgain = isLost
    if (begins) {
      hadSeq = appliedSeq
      appliedSeq = readSeq = held
    }
    return begins
  }
  const run = async () => {
    while (!isStopped) {
      let ms = 0
      try {
        const applied = await applyNext()
        problem = undefined
        if (applied || (await giveAgain())) await nextTurn()
        else {
          newest = appliedSeq
          ms = delay
          delay = Math.min(delay * 2, POLL_MS)
        }
      } catch (error) {
        if (isStopped) break
        await putting.catch(() => {}) // this error, or one that the next round meets again
        putting = Promise.resolve()
        readSeq = appliedSeq
        problem = (error as Error).message
        onProblem(error)
        ms = RETRY_MS
      }
      if (ms > 0 && !isStopped) await pause(ms)
    }
  }
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const running = run().catch((error) => {
    problem = (error as Error).message
    onProblem(error)
    isStopped = true
  })

  return {
    progress() {
      const seq = Math.max(appliedSeq, hadSeq)
      const said = problem ?? (appliedSeq < hadSeq ? MENDING : undefined)
      return { appliedSeq: seq, behind: Math.max(0, newest - seq), ...(said ? { problem: said } : {}) }
    },
    async caughtUp() {
      const seq = await lastChange(db)
      if (isStopped) throw new Error(problem ?? 'the index no longer follows the papers')
      if (seq <= appliedSeq) return
      nudge()
      await new Promise<void>((resolve, reject) => waiting.add({ seq, resolve, reject }))
    },
    async [Symbol.asyncDispose]() {
      isStopped = true
      forget()
      wake()
      await running
      await putting.catch(() => {}) // it was told, or it is done again at the next start
      for (const { reject } of waiting) reject(new Error('the index no longer follows the papers'))
    },
  }
}
