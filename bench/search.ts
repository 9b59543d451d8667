// Our search and its peers on the same papers and questions, in one run, each in a process of its own.
// Usage: npm run bench:search -- --docs N [--json] [--corpus FILE.jsonl[.gz]] [--only ours,lancedb]
// [--details] [--budget SECONDS for each] [--model FOLDER] [--threads N]
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { packageFile } from '../src/lib/assets.ts'
import { peers } from './search-contestants.ts'
import { prepareCorpus } from './search-corpus.ts'
import { shippedModel } from './search-ours.ts'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    docs: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
    corpus: { type: 'string', default: packageFile('../shared/data/arxiv-200k.jsonl.gz') },
    only: { type: 'string' },
    model: { type: 'string' },
    threads: { type: 'string', default: '2' },
    details: { type: 'boolean', default: false },
    budget: { type: 'string', default: '1800' },
  },
})
type Result = {
  p50: number
  p95: number
  p99: number
  buildS: number
  diskMb: number
  rssMb: number
  peakRssMb?: number
  error?: string
  more?: unknown
}
const docs = Number(values.docs)
if (!Number.isSafeInteger(docs) || docs < 1) throw new Error(`--docs takes a number of papers, not "${values.docs}"`)
if (!existsSync(values.corpus)) throw new Error(`there is no ${values.corpus}: name a file of papers with --corpus`)
const budget = Number(values.budget)
if (!(budget > 0)) throw new Error(`--budget takes a number of seconds, not "${values.budget}"`)
const model = values.model ?? shippedModel() ?? ''
if (model === '') console.error('There is no model: ours is measured by words only. --model FOLDER names one.')

const wanted = (name: string) => !values.only || values.only.split(',').some((part) => name.includes(part.trim()))
const work = mkdtempSync(join(tmpdir(), 'paperround-search-'))
// Built, as people run the program: what reads TypeScript takes some 30 MB in each thread. In the package, whose files it looks
// for from where it lies; the threads of our engine are those of dist, which "npm run" keeps up to date.
const entry = packageFile(`bench/dist/search-contestant-${process.pid}.js`)
process.on('exit', () => {
  rmSync(work, { recursive: true, force: true })
  rmSync(entry, { force: true })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
await build({
  entryPoints: [packageFile('bench/search-contestant.ts')],
  outfile: entry,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  packages: 'external',
  logLevel: 'warning',
})

console.error(`Preparing ${docs.toLocaleString('en')} papers ...`)
const queries = await prepareCorpus(values.corpus, docs, join(work, 'papers.jsonl'))
writeFileSync(join(work, 'queries.json'), JSON.stringify(queries))
const needsPackage = (name: string) => !name.startsWith('node:')
const installProblem = peers.some(({ name }) => wanted(name) && needsPackage(name)) ? installPeers() : undefined

const ours = wanted('ours') ? await measure('ours') : undefined
const results: ({ name: string } & (Result | { error: string }))[] = []
for (const { name, most } of peers) {
  if (!wanted(name)) continue
  const refusal =
    most && docs > most[0]
      ? `not run above ${most[0]} papers: ${most[1]}`
      : needsPackage(name)
        ? installProblem
        : undefined
  if (refusal) console.error(`${name}: ${refusal}`)
  results.push({ name, ...(refusal ? { error: refusal } : await measure(name)) })
}
const report = {
  docs,
  ...(ours ? { ours: plain(ours) } : {}),
  peers: results.map((one) => ({ name: one.name, ...plain(one) })),
  ...(values.details ? { load: loadavg()[0] } : {}),
}
if (values.json)
  console.log(
    JSON.stringify(report, (_, value) => (typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value)),
  )
else printTable()

/** What is always told; with `--details` all that was measured. */
function plain(result: Result | { error: string }): object {
  if (!('p50' in result) || values.details) return result
  const { p50, p95, p99, buildS, diskMb, rssMb } = result
  return { p50, p95, p99, buildS, diskMb, rssMb }
}

/** The packages of the peers, once. Says why not, when they cannot be had. */
function installPeers(): string | undefined {
  if (existsSync(packageFile('bench/node_modules/.package-lock.json'))) return undefined
  console.error('Installing the peers into bench/node_modules ...')
  try {
    // Not "npm ci": it refuses a lockfile that lacks packages for other platforms, and one peer's are not in every registry.
    execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: packageFile('bench'),
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 600_000,
    })
    return undefined
  } catch (error) {
    return `its package could not be installed: ${(error as Error).message}`
  }
}

async function measure(name: string): Promise<Result | { error: string }> {
  console.error(`Measuring ${name} ...`)
  const start = performance.now()
  const seconds = () => Math.round((performance.now() - start) / 1_000)
  const child = spawn(
    process.execPath,
    [
      '--max-old-space-size=12000',
      '--disable-warning=ExperimentalWarning',
      entry,
      name,
      work,
      model,
      values.threads,
      values.details || !values.json ? 'more' : '',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], timeout: budget * 1_000, killSignal: 'SIGKILL' },
  )
  let output = ''
  let problems = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    problems += chunk
    process.stderr.write(chunk)
  })
  const [code, signal] = await once(child, 'close')
  console.error(`${name}: ${seconds()} s`)
  try {
    return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Result
  } catch {
    const reason =
      signal === 'SIGKILL' && seconds() >= budget
        ? `stopped: not done after ${budget} s (--budget gives it more)`
        : problems.trim().split('\n').slice(-3).join(' ') || `it ended with ${signal ?? code} and said nothing`
    console.error(`${name} failed: ${reason}`)
    return { error: reason }
  }
}

function printTable(): void {
  const columns = ['p50', 'p95', 'p99', 'buildS', 'diskMb', 'rssMb'] as const
  console.log(['', ...columns].map((cell, n) => (n === 0 ? cell.padEnd(30) : cell.padStart(10))).join(''))
  for (const row of [...(ours ? [{ name: 'ours', ...ours }] : []), ...results]) {
    const cells =
      'p50' in row
        ? columns.map((column) =>
            row[column].toFixed(column === 'p50' || column === 'p95' || column === 'p99' ? 2 : 0).padStart(10),
          )
        : [`  ${row.error}`]
    console.log(row.name.padEnd(30) + cells.join(''))
  }
  if (ours && 'more' in ours)
    console.log(
      JSON.stringify(
        ours.more,
        (_, value) => (typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value),
        1,
      ),
    )
  console.log(
    `${docs.toLocaleString('en')} papers, ${queries.length} questions of 2 to 6 words, ${20} hits; load of the machine ${loadavg()[0]?.toFixed(1)}`,
  )
}
