import { createReadStream, statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { openContext } from '../compose/index.ts'
import { readConfig } from '../config.ts'
import { type Db, refreshStatistics } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { type ImportFormat, importFormats } from '../sources/index.ts'
import { type ImportFileOptions, type ImportSummary, importFile } from './import-file.ts'
import { createProgress, type Progress } from './progress.ts'

/** At least one file could not be read at all; the others were imported. */
const EXIT_FAILED = 1
/** Done, but some records were bad. */
const EXIT_BAD_RECORDS = 3
/** More bad records than this are counted, not named: the first ones tell what is wrong with a file. */
const MAX_NAMED = 20

type FileSummary = ImportSummary & { file: string }
type ImportOptions = { as?: string; alongside?: boolean; json?: boolean }

/** `paperround import FILE...`: reads papers into the database. Running it again changes nothing. */
export async function run(files: string[], options: ImportOptions): Promise<number> {
  const config = readConfig(process.env)
  const as = formatOf(options.as)
  for (const file of files) checkReadable(file)
  await using context = await openContext(config, {
    command: 'import',
    use: 'importing',
    alongside: options.alongside === true,
  })
  const summaries: FileSummary[] = []
  let failed = 0
  for (const file of files) {
    try {
      const settings = { ...(as ? { as } : {}), clock: context.clock, alongside: options.alongside === true }
      const summary = { file, ...(await importOne(context.db, file, settings)) }
      summaries.push(summary)
      if (!options.json) console.log(summaryText(summary))
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      failed += 1
      console.error(`paperround: ${error.message}`)
    }
  }
  if (summaries.some((summary) => summary.added + summary.updated > 0)) await refreshStatistics(context.db)
  if (options.json) console.log(JSON.stringify(summaries))
  if (failed > 0) return EXIT_FAILED
  return summaries.some((summary) => summary.bad > 0) ? EXIT_BAD_RECORDS : 0
}

async function importOne(
  db: Db,
  file: string,
  options: Pick<ImportFileOptions, 'as' | 'clock' | 'alongside'>,
): Promise<ImportSummary> {
  const isStdin = file === '-'
  const input: Readable = isStdin ? process.stdin : createReadStream(file, { highWaterMark: 1 << 18 })
  const totalBytes = isStdin ? undefined : statSync(file).size
  using progress: Progress = createProgress(isStdin ? 'standard input' : file, totalBytes)
  let named = 0
  return await importFile(db, input, {
    name: isStdin ? 'stdin' : file,
    ...options,
    onProgress: (done) => progress.update(done),
    onBad: ({ line, reason }) => {
      named += 1
      if (named <= MAX_NAMED) progress.note(`${isStdin ? 'stdin' : file}:${line}: skipped: ${reason}`)
      if (named === MAX_NAMED) progress.note(`${file}: further bad records are counted only`)
    },
  })
}

function formatOf(as: string | undefined): ImportFormat | undefined {
  if (as === undefined || (importFormats as readonly string[]).includes(as)) return as as ImportFormat | undefined
  throw new AppError('unknown_format', `There is no format "${as}". Expected one of ${importFormats.join(', ')}.`)
}

/** Looks before the first byte is written, so that a mistyped name among many is told at once. */
function checkReadable(file: string): void {
  if (file === '-') return
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat) throw new AppError('unreadable_file', `There is no file ${file}.`)
  if (stat.isDirectory()) throw new AppError('unreadable_file', `${file} is a folder. Name the files in it.`)
}

function summaryText({ file, format, read, added, updated, unchanged, listed, bad, seconds }: FileSummary): string {
  if (read + bad === 0) {
    const why = format === 'unknown' ? 'it is empty' : `nothing in it reads as ${format}`
    return `${file}: no records: ${why}`
  }
  const count = (number: number) => number.toLocaleString('en')
  const parts = [`${count(added)} added`, `${count(updated)} updated`, `${count(unchanged)} unchanged`]
  if (listed > 0) parts.push(`${count(listed)} listed in editions`)
  if (bad > 0) parts.push(`${count(bad)} bad and skipped`)
  const rate = read > 0 ? `, ${count(Math.round(read / Math.max(seconds, 0.001)))}/s` : ''
  return `${file} (${format}): ${count(read)} records: ${parts.join(', ')} in ${seconds.toFixed(1)} s${rate}`
}
