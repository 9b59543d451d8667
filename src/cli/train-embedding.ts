import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { AppError } from '../errors.ts'
import { trainEmbedding } from '../search/index.ts'
import { createProgress } from './progress.ts'
import { readTrainingTexts } from './relevance-set.ts'

type Options = Partial<Record<'out' | 'dims' | 'words' | 'pairs' | 'minPapers', string>> &
  Partial<Record<'batch' | 'passes' | 'rate' | 'seed' | 'threads', string>> & { json?: boolean }

/** Fewer papers than this and an embedding is worse than none. */
const MIN_PAPERS = 1_000
/** What the shipped model was made with. */
const defaults = { dims: 256, words: 47_000, pairs: 41_000, minPapers: 5, batch: 4096, passes: 12, rate: 0.02, seed: 1 }
/** Beginnings of words that stand for words without a row of their own. */
const BEGINNINGS = 4_000
/** Each document row of a batch is handed out in units of this many. */
const BATCH_UNIT = 64

/**
 * `paperround train-embedding CORPUS...`: makes an embedding for search by meaning from papers (JSON Lines with "id", "title",
 * "abstract"). The same papers, settings and seed give the same file, with any number of threads.
 */
export async function run(files: string[], options: Options): Promise<number> {
  const settings = readSettings(options)
  const texts = []
  for (const file of files) {
    const { rows, bad } = await readTrainingTexts(file)
    if (bad.count > 0)
      console.error(`paperround train-embedding: ${bad.count} line(s) of ${file} skipped: ${bad.named.join('; ')}`)
    texts.push(...rows)
  }
  if (texts.length < MIN_PAPERS)
    throw new AppError(
      'unreadable_file',
      `There are ${texts.length} papers with title and abstract; an embedding needs ${MIN_PAPERS} at least, and is good with 100,000.`,
    )
  const out = options.out ?? 'embedding'
  const startedAt = performance.now()
  using progress = createProgress('training', 1)
  let loss = 0
  const { words, pairs, minPapers, ...training } = settings
  const { bytes, items, trainedOn } = await trainEmbedding(texts, {
    ...training,
    vocabulary: { words, pairs, beginnings: BEGINNINGS, minDocuments: minPapers },
    about: { corpora: files.map((file) => basename(file)) },
    onStage: (stage) => progress.note(`${stage} ...`),
    onStep: ({ step, steps, pairs: seen, loss: current }) => {
      loss = loss === 0 ? current : loss * 0.95 + current * 0.05
      progress.update({ records: seen, bytes: step / steps })
    },
  })
  mkdirSync(out, { recursive: true })
  const file = join(out, 'embedding.bin')
  writeFileSync(file, bytes)
  const report = {
    file,
    papers: trainedOn,
    items,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    loss: Math.round(loss * 1e4) / 1e4,
    seconds: Math.round((performance.now() - startedAt) / 1000),
  }
  progress[Symbol.dispose]() // its bar must not stand before the report
  console.log(
    options.json
      ? JSON.stringify(report)
      : `${file}: ${items.toLocaleString('en')} words and pairs from ${trainedOn.toLocaleString('en')} papers, ${(bytes.length / 1e6).toFixed(1)} MB, loss ${report.loss}, ${report.seconds} s\nsha256 ${report.sha256}`,
  )
  return 0
}

function readSettings(options: Options) {
  const number = (name: keyof Options, fallback: number, isValid: (value: number) => boolean, expected: string) => {
    const given = options[name]
    const value = given === undefined ? fallback : Number(given)
    if (given !== undefined && !(String(given).trim() !== '' && isValid(value)))
      throw new AppError('bad_request', `--${name} is "${given}"; expected ${expected}.`)
    return value
  }
  const whole = (name: keyof Options, fallback: number, least: number, most: number) =>
    number(
      name,
      fallback,
      (value) => Number.isInteger(value) && value >= least && value <= most,
      `a whole number from ${least} to ${most}`,
    )
  const multiple = (name: keyof Options, fallback: number, of: number, most: number) =>
    number(
      name,
      fallback,
      (value) => value > 0 && value % of === 0 && value <= most,
      `a multiple of ${of} up to ${most}`,
    )
  return {
    dims: multiple('dims', defaults.dims, 64, 1024),
    words: whole('words', defaults.words, 100, 1_000_000),
    pairs: whole('pairs', defaults.pairs, 0, 1_000_000),
    minPapers: whole('minPapers', defaults.minPapers, 1, 1_000_000),
    batch: multiple('batch', defaults.batch, BATCH_UNIT, 16_384),
    passes: whole('passes', defaults.passes, 1, 1_000),
    rate: number('rate', defaults.rate, (value) => value > 0 && value <= 1, 'a number above 0, up to 1'),
    seed: whole('seed', defaults.seed, 0, 0x7fffffff),
    threads: whole('threads', availableParallelism(), 1, 64),
  }
}
