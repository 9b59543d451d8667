// What is gathered from where, by the configuration.
import { readFileSync } from 'node:fs'
import type { Config } from '../config.ts'
import { enqueueJob } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { freeMegabytes } from '../lib/free-space.ts'
import {
  type ArxivSettings,
  adoptSourcesFile,
  arxivSettings,
  type FetchedPaper,
  fetchPaperById,
  readSourcesFile,
} from '../sources/index.ts'
import type { Context } from './context.ts'

export function arxivOf(config: Config): ArxivSettings {
  const { arxivUrl, arxivOaiUrl, arxivApiUrl, arxivFeedUrl, arxivPause } = config
  const urls = { siteUrl: arxivUrl, oaiUrl: arxivOaiUrl, apiUrl: arxivApiUrl, feedUrl: arxivFeedUrl }
  return arxivSettings({ ...urls, pauseSeconds: arxivPause })
}

/** Below this nothing is gathered: what people do on the site must still fit. */
const MIN_FREE_MB = 200

/** P17: whether the disk is too full to gather. A PostgreSQL server looks after its own. */
export function problemOfStorage({ databaseUrl, dataFolder }: Config): string | undefined {
  const freeMb = databaseUrl ? MIN_FREE_MB : freeMegabytes(dataFolder)
  if (freeMb >= MIN_FREE_MB) return undefined
  return `The disk of ${dataFolder} has ${freeMb} MB left. Nothing is gathered until there are ${MIN_FREE_MB} MB.`
}

/** Takes over the file of sources, if one is named. Throws `bad_configuration` with all that is wrong in it. */
export async function adoptSources({ config, db, clock }: Context): Promise<void> {
  await adoptSourcesFile(db, config.sourcesFile ? readSources(config.sourcesFile) : undefined, clock())
}

export function readSources(path: string): ReturnType<typeof readSourcesFile> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new AppError('bad_configuration', `The file ${path} (PAPERROUND_SOURCES) cannot be read (${code}).`, {
      cause,
    })
  }
  return readSourcesFile(text, path)
}

/** Asks arXiv for single papers that somebody names, until it is closed; undefined where nothing is gathered. */
export function openLookUp(
  { config, db, http, clock, log }: Context,
  signal: AbortSignal,
): ((arxivId: string) => Promise<FetchedPaper>) | undefined {
  if (!config.gather) return undefined
  const gate = { db, http, clock, log, arxiv: arxivOf(config), signal }
  return async (arxivId) => {
    const problem = problemOfStorage(config)
    return problem ? { kind: 'queued', message: problem } : await fetchPaperById(gate, arxivId)
  }
}

/** At each start, so that a new site has today's papers in a minute, and one that was away finds what it missed. */
export async function askForToday({ config, db, clock }: Context): Promise<void> {
  if (!config.gather) return
  for (const job of ['gather-arxiv-day', 'resolve-starter'])
    await enqueueJob(db, { kind: job, key: job, hurry: true }, clock())
}
