import type { Following } from '../follow-changes.ts'
import type { SearchIndex } from '../port.ts'

/** An index that grows beside the one that answers. */
export type Successor = {
  index: SearchIndex
  /** Fills it, and keeps it equal to the papers from then on. */
  following: Following
  /** Called once it has everything, just before it answers. */
  onWhole: () => void
}

/** What there is to do, for `/status`. */
export type Work = { model: string; words: string }

/**
 * Answers by `serving` until its successor has every paper, then by that. `grow` opens the successor; it may `tell` what there
 * is to do, and must end when `stopping` does. Whoever puts papers need not know: before the change they go to `serving`; after
 * it a put resolves when the successor, which follows the papers by itself, has caught up.
 */
export function handOver(
  serving: SearchIndex,
  stopping: AbortController,
  grow: (tell: (work: Work) => void) => Promise<Successor>,
): SearchIndex {
  let current = serving
  let successor: Successor | undefined
  let work: Work | undefined
  let problem: string | undefined
  const asked = new Set<Promise<unknown>>()
  const ask = <T>(question: Promise<T>): Promise<T> => {
    const settled: Promise<unknown> = question
      .catch(() => {}) // its caller has the error
      .finally(() => asked.delete(settled))
    asked.add(settled)
    return question
  }
  const growing = (async () => {
    successor = await grow((told) => {
      work = told
    })
    await successor.following.caughtUp()
    successor.onWhole()
    current = successor.index
    await Promise.all(asked)
    await serving.close()
  })()
  growing.catch((error: Error) => {
    problem = `The index of the chosen model could not be made: ${error.message}`
  })
  const change = async (before: () => Promise<void>): Promise<void> => {
    if (current === serving) return before()
    await successor?.following.caughtUp()
  }
  return {
    put: (documents, seq) => change(() => serving.put(documents, seq)),
    remove: (ids, seq) => change(() => serving.remove(ids, seq)),
    search: (query) => ask(current.search(query)),
    closeness: (text, passages) => ask(current.closeness(text, passages)),
    async status() {
      const status = await current.status()
      if (current !== serving) return status
      const held = (await successor?.index.status())?.documents ?? 0
      const notice = work
        ? `${work.model} takes over when its index is whole. ${work.words} Its index has ${held.toLocaleString('en')} of them so far.`
        : 'Another model is chosen; what it has to do is being counted.'
      const said = problem ?? successor?.following.progress().problem ?? status.problem
      return { ...status, notice, ...(said ? { problem: said } : {}) }
    },
    async close() {
      stopping.abort(new Error('the program stops'))
      await successor?.following[Symbol.asyncDispose]()
      await growing.catch(() => {}) // kept above, or it was ended just now
      if (current === serving) await serving.close()
    },
  }
}
