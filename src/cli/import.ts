import { createReadStream, statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { openContext } from '../compose.ts'
import { readConfig } from '../config.ts'
import { type Db, refreshStatistics } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { type ImportFormat, importFormats } from '../sources/index.ts'
import { type ImportFileOptions, type ImportSummary, importFile } from './import-file.ts'
import { createProgress, type Progress } from './progress.ts'

/** Done, but some records were bad. */
const EXIT_BAD_RECORDS = 3
/** More bad records than this are counted, not named: the first ones tell what is wrong with a file. */
const MAX_NAMED = 100

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
  const summaries: (ImportSummary & { file: string })[] = []
  for (const file of files)
    summaries.push({
      file,
      ...(await importOne(context.db, file, {
        ...(as ? { as } : {}),
        clock: context.clock,
        alongside: options.alongside === true,
      })),
    })
  await refreshStatistics(context.db)
  if (options.json) console.log(JSON.stringify(summaries))
  else for (const summary of summaries) console.log(summaryText(summary))
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

function summaryText({
  file,
  format,
  read,
  added,
  updated,
  unchanged,
  listed,
  bad,
  seconds,
}: ImportSummary & { file: string }): string {
  const count = (number: number) => number.toLocaleString('en')
  const parts = [`${count(added)} added`, `${count(updated)} updated`, `${count(unchanged)} unchanged`]
  if (listed > 0) parts.push(`${count(listed)} listed in editions`)
  if (bad > 0) parts.push(`${count(bad)} bad and skipped`)
  const rate = seconds > 0 ? `, ${count(Math.round(read / seconds))}/s` : ''
  return `${file} (${format}): ${count(read)} records: ${parts.join(', ')} in ${seconds.toFixed(1)} s${rate}`
}
