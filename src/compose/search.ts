// The search index of a data folder: kept by the running site, or opened beside it.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { lockDataFolder } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { packageFile } from '../lib/assets.ts'
import {
  createEmbedder,
  openEmbedded,
  openEngineIndex,
  openSearch,
  openSearchBeside,
  type PaperSearch,
} from '../search/index.ts'
import type { Context } from './context.ts'

/** Search over the papers of an open context. Its index lies in the data folder and may be deleted at any time. */
export function openPaperSearch(context: Context, use: 'site' | 'command' = 'site'): PaperSearch {
  const { db, log } = context
  return openSearch({
    db,
    ...indexOf(context, use),
    onProblem: (problem, what) => log.error({ err: problem }, what),
  })
}

/** `look`: beside the site that keeps the index; `command`: in its place, for a short time. */
export function indexOf({ config, db, log }: Context, use: 'site' | 'command' | 'look') {
  const readOnly = use === 'look'
  const model = packageFile('model')
  const hasModel = existsSync(join(model, 'embedding.bin'))
  const warn = (message: string, cause?: unknown) => log.warn({ err: cause }, message)
  const openWith = (folder: string, embedder: { embedder?: string | { id: string; dims: number } }) =>
    openEngineIndex({ folder, readOnly, ...(readOnly ? { threads: 1 } : {}), ...embedder, onProblem: warn })
  const { embedder: choice, embedderKey: key, dataFolder } = config
  return {
    folder: join(dataFolder, 'search-index'),
    open: (folder: string) =>
      choice
        ? openEmbedded({
            embedder: createEmbedder(choice, dataFolder, key),
            db,
            folder,
            open: (path, outside) =>
              openWith(path, outside ? { embedder: outside } : hasModel ? { embedder: model } : {}),
            grows: use === 'site',
            onNotice: (message, cause) => (cause === undefined ? log.warn(message) : log.warn({ err: cause }, message)),
            ...(hasModel ? { sentenceModel: model } : {}),
          })
        : openWith(folder, hasModel ? { embedder: model } : {}),
  }
}

/** Further behind than this, an index is brought up to date before a command searches it. */
const ACCEPTABLY_BEHIND = 500

/**
 * Search for a command. A running site keeps the index in order, and it is read as it was last saved, some seconds ago at
 * most; where nobody does, it is brought up to date first, which `onProgress` hears of. Throws `unavailable`.
 */
export async function openSearchForCommand(
  context: Context,
  onProgress: (share: number) => void,
): Promise<PaperSearch> {
  const { config, db, clock } = context
  await using stack = new AsyncDisposableStack()
  const beside = await openSearchBeside({ db, ...indexOf(context, 'look') })
  if (beside && beside.behind <= ACCEPTABLY_BEHIND) return beside
  try {
    stack.use(lockDataFolder(config.dataFolder, { command: 'search', pid: process.pid, since: clock() }))
  } catch (cause) {
    if (beside) return beside
    const message = 'The running site is still making its search index. /status says how far it is.'
    throw new AppError('unavailable', message, { cause })
  }
  await beside?.[Symbol.asyncDispose]()
  const search = stack.use(openPaperSearch(context, 'command'))
  const timer = setInterval(() => onProgress(search.building() ?? 1), 1_000)
  await search.caughtUp().finally(() => clearInterval(timer))
  const opened = stack.move()
  return { ...search, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}
