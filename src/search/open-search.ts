import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import type { Db } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { lastChange } from '../papers/index.ts'
import { type Following, followChanges } from './follow-changes.ts'
import type { SearchIndex } from './port.ts'
import { databaseName } from './queries.ts'

/** A reader waits this long for an index that is just being opened; after it an honest notice is better. */
const PATIENCE_MS = 4_000
/** Further behind than this, the index says that it is still being built. */
const BUILDING_BEHIND = 500

export type SearchReport = {
  state: 'opening' | 'building' | 'ready' | 'failed'
  documents: number
  /** Changes of papers that the index has not taken in yet. */
  behind: number
  /** While building: share done, 0 to 1. */
  progress?: number
  model: string
  memoryMb: number
  diskMb: number
  /** What an administrator should know though nothing is wrong. */
  notice?: string
  problem?: string
}

/** Search as the program holds it: an index that is opened in the background and follows the papers from then on. */
export type PaperSearch = AsyncDisposable & {
  /** The index, once it is open. Throws `unavailable` with words for a reader when it is not, or cannot be. */
  index(): Promise<SearchIndex>
  /** The index if it is open already, for what a page can do without. */
  ready(): SearchIndex | undefined
  report(): Promise<SearchReport>
  /** Share of the papers that can be found, while that is not all of them. Costs nothing. */
  building(): number | undefined
  /** Resolves once everything committed before the call can be found. */
  caughtUp(): Promise<void>
}

export type OpenSearchOptions = {
  db: Db
  /** Where the index lies; everything in it may be deleted and is made again. */
  folder: string
  open: (folder: string) => Promise<SearchIndex>
  onProblem: (problem: unknown, what: string) => void
}

/** Starts opening the index and returns at once, so that the site's first page does not wait. */
export function openSearch({ db, folder, open, onProblem }: OpenSearchOptions): PaperSearch {
  let following: Following | undefined
  let opened: SearchIndex | undefined
  let failure: Error | undefined
  let isDisposed = false
  const opening = openFor(db, folder, open).then(async (index) => {
    try {
      const onFallingBehind = (problem: unknown) => onProblem(problem, 'the index fell behind')
      if (!isDisposed) following = await followChanges(db, index, onFallingBehind)
    } catch (error) {
      await index.close()
      throw error
    }
    opened = index
    return index
  })
  opening.catch((error) => {
    failure = error as Error
    onProblem(error, 'the search index could not be opened')
  })

  const building = () => {
    if (!following) return failure ? undefined : 0
    const { appliedSeq, behind } = following.progress()
    return behind > BUILDING_BEHIND ? appliedSeq / (appliedSeq + behind) : undefined
  }
  return {
    async index() {
      const index = await Promise.race([opening, after(PATIENCE_MS, undefined, { ref: false })]).catch((cause) => {
        throw new AppError('unavailable', 'Search cannot be used: its index could not be opened. /status says why.', {
          cause,
        })
      })
      if (!index) throw new AppError('unavailable', 'Search is just starting. Try again in a few seconds.')
      return index
    },
    ready: () => opened,
    building,
    async report() {
      if (failure) return { ...nothing, state: 'failed', problem: failure.message }
      if (!following || !opened) return { ...nothing, state: 'opening' }
      const { documents, model, memoryMb, diskMb, state, notice, problem, progress: made } = await opened.status()
      const progress = building() ?? (state === 'building' ? made : undefined)
      const behind = following.progress()
      const said = behind.problem ?? problem
      return {
        state: state === 'failed' ? 'failed' : progress === undefined ? 'ready' : 'building',
        documents,
        behind: behind.behind,
        ...(progress === undefined ? {} : { progress }),
        model,
        memoryMb,
        diskMb,
        ...(notice ? { notice } : {}),
        ...(said ? { problem: said } : {}),
      }
    },
    async caughtUp() {
      await opening
      await following?.caughtUp()
    },
    async [Symbol.asyncDispose]() {
      isDisposed = true
      const index = await opening.catch(() => undefined) // told when it happened
      await following?.[Symbol.asyncDispose]()
      await index?.close()
    },
  }
}

const nothing = { documents: 0, behind: 0, model: '', memoryMb: 0, diskMb: 0 }

/**
 * Opens the index of this very database. One made of another database (a folder that was copied, a backup that was put
 * back, a new DATABASE_URL) knows other papers by the same numbers, so it is thrown away and made anew.
 */
async function openFor(db: Db, folder: string, open: OpenSearchOptions['open']): Promise<SearchIndex> {
  const name = await databaseName(db)
  if (readLabel(folder) !== name) startAnew(folder, name)
  const index = await open(join(folder, FILES))
  const { appliedSeq } = await index.status()
  if (appliedSeq <= (await lastChange(db))) return index
  await index.close()
  startAnew(folder, name)
  return open(join(folder, FILES))
}

/** The index's own files stand apart from the label: whoever owns them may tidy up among them. */
const FILES = 'files'
const LABEL = 'database'

function startAnew(folder: string, name: string): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, LABEL), name)
}

/** Which database an index was made of; undefined where there is none. */
function readLabel(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, LABEL), 'utf8')
  } catch {
    return undefined // a new folder
  }
}

/**
 * The index that another program keeps, as it was last saved, for looking only. Undefined where there is none of this
 * database. `open` must not write.
 */
export async function openSearchBeside({
  db,
  folder,
  open,
}: Omit<OpenSearchOptions, 'onProblem'>): Promise<(PaperSearch & { behind: number }) | undefined> {
  if (readLabel(folder) !== (await databaseName(db))) return undefined
  const index = await open(join(folder, FILES))
  const status = await index.status()
  const behind = Math.max(0, (await lastChange(db)) - status.appliedSeq)
  return {
    behind,
    index: async () => index,
    ready: () => index,
    building: () => undefined,
    report: async () => ({ ...status, state: 'ready', behind }),
    caughtUp: async () => {},
    [Symbol.asyncDispose]: () => index.close(),
  }
}
