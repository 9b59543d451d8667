import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { arxivOf, openContext, problemOfStorage } from '../compose/index.ts'
import { readConfig } from '../config.ts'
import { refreshStatistics } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { packageFile } from '../lib/assets.ts'
import { addDays, currentAnnouncementDay, isDay, isKnownCategory, newYorkDay } from '../papers/index.ts'
import {
  type ArxivGate,
  arxivEditionFilter,
  CATCHUP_DAYS,
  fillWanted,
  followedCategories,
  type GatherOptions,
  gatherDay,
  gatherOldDay,
  gatherPastDay,
  type HarvestReport,
  harvestAll,
  harvestChanges,
  healDays,
} from '../sources/index.ts'
import { createProgress } from './progress.ts'
import { stopSignal } from './stop-signal.ts'

/** arXiv could not be read, or not all of it; the database is whole, and the next run goes on. */
const EXIT_INCOMPLETE = 1
/** What arXiv holds, roughly, for the bar of a full harvest; it grows by some 20,000 a month. */
const ALL_RECORDS = 3_000_000
/** More bad records than this are counted, not named. */
const MAX_NAMED = 20

type Options = { day?: string; category?: string; all?: boolean; alongside?: boolean }

/**
 * Node lets its heap grow as it likes on a large machine; a full harvest needs 100 MB of it and runs for hours beside a
 * site. Only a fresh process takes these limits.
 */
const SMALL_HEAP = ['--max-semi-space-size=8', '--max-old-space-size=320']

async function runInSmallHeap(): Promise<number> {
  const child = spawn(process.execPath, [...SMALL_HEAP, packageFile('dist/main.js'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? EXIT_INCOMPLETE
}

/** `paperround gather`: the same verbs as the jobs, by hand and with words. */
export async function run(_args: string[], given: Options): Promise<number> {
  if (given.all && !process.execArgv.includes(SMALL_HEAP[0] as string)) return await runInSmallHeap()
  const config = readConfig(process.env)
  const categories = given.category === undefined ? undefined : categoriesOf(given.category)
  if (given.day !== undefined && !isDay(given.day))
    throw new AppError('bad_date', `A day is written like 2026-03-02, with zeros; got "${given.day}".`)
  const isAlone = given.all === true && !given.alongside
  await using context = await openContext(config, {
    command: 'gather',
    alongside: given.alongside === true,
    use: isAlone ? 'importing' : 'serving',
  })
  const full = problemOfStorage(config)
  if (full) throw new AppError('unavailable', full)
  const stop = new AbortController()
  void stopSignal().then(() => stop.abort())
  const { db, http, clock, log } = context
  const gate: ArxivGate = { db, http, clock, log, arxiv: arxivOf(config), signal: stop.signal }
  const options: GatherOptions = {
    followed: categories ?? (await followedCategories(db)),
    isWanted: await arxivEditionFilter(db),
    isUrgent: true,
    onProgress: (line) => console.log(line),
  }
  if (options.followed.length === 0)
    throw new AppError('bad_request', 'No category of arXiv is followed. Name some: --category cs.AI,cs.LG')
  const isWhole = given.all
    ? await gatherAll(gate, isAlone)
    : given.day !== undefined
      ? await gatherOne(gate, given.day, options)
      : await gatherNow(gate, options)
  if (stop.signal.aborted) console.log('Stopped. What was gathered is stored; run it again to go on.')
  if (given.all) await refreshStatistics(db)
  return isWhole ? 0 : EXIT_INCOMPLETE
}

function categoriesOf(text: string): string[] {
  const categories = text.split(/[\s,]+/).filter((one) => one !== '')
  const unknown = categories.filter((one) => !isKnownCategory(one))
  if (unknown.length > 0) throw new AppError('bad_request', `arXiv has no category ${unknown.join(', ')}.`)
  return categories
}

/** Today, what was missed, what changed, what is wanted. */
async function gatherNow(gate: ArxivGate, options: GatherOptions): Promise<boolean> {
  const today = await gatherDay(gate, options)
  if (today.subjects.length === 0) console.log(`${today.day}: everything followed is here already`)
  const healed = await healDays(gate, options)
  const changes = await harvestWithProgress(gate, 'changes', (more) => harvestChanges(gate, options.followed, more))
  const wanted = gate.signal?.aborted ? undefined : await fillWanted(gate)
  if (wanted && wanted.found > 0) console.log(`${wanted.found} single records`)
  const problems = [...today.subjects, ...healed.subjects].filter(({ problem }) => problem !== undefined)
  return problems.length === 0 && !today.again && !healed.problem && changes.state === 'done'
}

async function gatherOne(gate: ArxivGate, day: string, options: GatherOptions): Promise<boolean> {
  const now = gate.clock()
  if (day > currentAnnouncementDay(now)) throw new AppError('bad_date', `arXiv has not announced ${day} yet.`)
  if (day < addDays(newYorkDay(now), -CATCHUP_DAYS)) {
    const { state, declared, problem } = await gatherOldDay(gate, day, options)
    console.log(problem ? `${day}: ${problem}` : `${day}: ${declared} papers, by the dates of their submission`)
    return state === 'complete'
  }
  const { subjects, again, problem } = await gatherPastDay(gate, day, options)
  if (problem) console.log(again ? `${problem}; try again after ${again.toISOString()}` : problem)
  return !problem && subjects.every((one) => one.problem === undefined)
}

async function gatherAll(gate: ArxivGate, isAlone: boolean): Promise<boolean> {
  const report = await harvestWithProgress(gate, 'all of arXiv', (more) => harvestAll(gate, { ...more, isAlone }))
  return report.state === 'done'
}

async function harvestWithProgress(
  gate: ArxivGate,
  label: string,
  work: (more: Parameters<typeof harvestAll>[1]) => Promise<HarvestReport>,
): Promise<HarvestReport> {
  const isAll = label !== 'changes'
  using progress = createProgress(label, isAll ? ALL_RECORDS : undefined)
  let named = 0
  while (true) {
    const report = await work({
      onPage: ({ records }) => progress.update({ records, bytes: records }),
      onBad: ({ id, problem }) => {
        named += 1
        if (named <= MAX_NAMED) progress.note(`${id}: left out: ${problem}`)
      },
    })
    const waits = isAll && report.state === 'paused' && report.again && !gate.signal?.aborted
    if (!waits) {
      const { state, records, stored, bad, message } = report
      const counts = `${records.toLocaleString('en')} records read, ${stored.toLocaleString('en')} stored`
      console.log(`${label}: ${counts}${bad > 0 ? `, ${bad} left out` : ''}${state === 'done' ? '' : `; ${message}`}`)
      return report
    }
    progress.note(`${report.message}; going on at ${report.again?.toISOString()}`)
    await waitUntil(report.again as Date, gate)
  }
}

/** A full harvest takes hours: it waits for a server that asks for it. Ends early when the program is to stop. */
async function waitUntil(until: Date, { clock, signal }: ArxivGate): Promise<void> {
  const ms = Math.max(0, until.getTime() - clock().getTime())
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
