// What `npm test` and `npm run check` run: format and lint, types, then every test with a real PostgreSQL and Chromium.
// `npm test -- [file or folder ...] [options of node --test]`: with files named, only these, without lint and types.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ensureChromium } from './find-chromium.ts'
import { ensureMailServers } from './find-mail-servers.ts'
import { type PostgresServer, startPostgres } from './postgres-server.ts'

const root = join(import.meta.dirname, '..')
const isWindows = process.platform === 'win32'
const isCi = Boolean(process.env.CI)
const colors = process.stdout.isTTY === true
const deadlineMinutes = 20
const signalExitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
const failures: string[] = []
let running: ChildProcess | undefined
let postgres: PostgresServer | undefined
let interrupted: keyof typeof signalExitCodes | undefined

for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted ??= signal
    if (running) stopGroup(running, signal)
  })
}
try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 1
} finally {
  await postgres?.stop()
  if (interrupted) process.exitCode = signalExitCodes[interrupted]
}

async function main([mode, ...args]: string[]): Promise<number> {
  const { files, options } = sortArguments(args)
  if (mode === '--check' || files.length === 0) {
    await step('format and lint', () => runTool('biome', 'ci', `--colors=${colors ? 'force' : 'off'}`, '.'))
    await step('types', () => runTool('tsc', '--noEmit', '--pretty', String(colors), '-p', '.'))
  }
  if (mode === '--check' || interrupted) return failures.length > 0 ? 1 : 0
  if (isCi) await step('shared data', requireSharedData)
  const env = {
    ...process.env,
    PAPERROUND_TEST_POSTGRES: await findPostgres(),
    PAPERROUND_TEST_CHROMIUM: await browserPath(),
  }
  await step('mail servers', async () => ensureMailServers(), !isCi)
  if (interrupted) return 1
  const code = await runTests(files.length > 0 ? files : testFilesIn(root), options, env)
  // To the error stream: the counts of the tests stay the last lines of the output proper.
  if (failures.length > 0) console.error(`Besides the tests, this failed (see above them): ${failures.join(', ')}.`)
  return failures.length > 0 ? 1 : code
}

// --- arguments and files --------------------------------------------------------------------------------------------

/** An argument that exists is a test file, or a folder of them; all others are for node, in their order. */
function sortArguments(args: string[]): { files: string[]; options: string[] } {
  const files: string[] = []
  const options: string[] = []
  for (const [index, arg] of args.entries()) {
    const isValue = /^--[^=]+$/.test(args[index - 1] ?? '')
    if (arg.startsWith('-')) options.push(arg)
    else if (existsSync(resolve(arg))) files.push(...(statSync(arg).isDirectory() ? testFilesIn(resolve(arg)) : [arg]))
    else if (isValue) options.push(arg)
    else
      throw new Error(`"${arg}" is neither a file nor a folder. Name test files, folders, or options of node --test.`)
  }
  return { files, options }
}

function testFilesIn(folder: string): string[] {
  const patterns = folder === root ? ['{src,tests}/**/*.test.{ts,tsx}'] : ['**/*.test.{ts,tsx}']
  const found = globSync(patterns, { cwd: folder }).sort()
  if (found.length === 0) throw new Error(`No tests in ${folder}: expected files named *.test.ts or *.test.tsx.`)
  return found.map((file) => join(folder, file))
}

// --- the ground that tests stand on ---------------------------------------------------------------------------------

async function requireSharedData(): Promise<void> {
  const folder = join(root, '../shared')
  if (!existsSync(folder)) throw new Error(`In CI the recorded data must be there: expected the folder ${folder}.`)
}

/** URL of the server: a given one, or ours; undefined where there is none and the tests may skip. */
async function findPostgres(): Promise<string | undefined> {
  const given = process.env.PAPERROUND_TEST_POSTGRES
  if (given) return given
  await step(
    'PostgreSQL',
    async () => {
      postgres = await startPostgres()
    },
    !isCi,
  )
  return postgres?.url
}

async function browserPath(): Promise<string | undefined> {
  let path: string | undefined
  await step(
    'Chromium',
    async () => {
      const lines: string[] = []
      // The line that announces an installation must be seen before it, and every other line tells why there is none.
      path = await ensureChromium({ print: (line) => (line.endsWith('...') ? console.log(line) : lines.push(line)) })
      if (!path) throw new Error(lines.join('\n'))
    },
    !isCi,
  )
  return path
}

// --- running --------------------------------------------------------------------------------------------------------

/** Prints one line, and the reason when it failed. What may be missing is no failure: the tests concerned skip. */
async function step(name: string, work: () => Promise<void>, mayBeMissing = false): Promise<void> {
  if (interrupted) return
  const startedAt = performance.now()
  const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
  try {
    await work()
    console.log(`${name} … ok (${seconds()})`)
  } catch (error) {
    if (interrupted) return
    if (!mayBeMissing) failures.push(name)
    const outcome = mayBeMissing ? 'not available, so the tests that need it are skipped' : 'failed'
    console.log(`${name} … ${outcome} (${seconds()})\n${messageOf(error)}`)
  }
}

/** Runs a program of node_modules; throws what it printed when it fails. */
async function runTool(name: string, ...args: string[]): Promise<void> {
  const program = join(root, 'node_modules/.bin', isWindows ? `${name}.cmd` : name)
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: isWindows,
    detached: !isWindows,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const code = await endOf(child)
  if (code !== 0) throw new Error(output.trim() || `${name} ended with exit code ${code}.`)
}

/** Returns the exit code of node's test runner, which writes straight to our output. */
async function runTests(files: string[], options: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const reporter = options.some((option) => option.startsWith('--test-reporter')) ? [] : ['--test-reporter=spec']
  // No forced exit: it cuts off reports on their way, and whole files of tests went missing from the counts.
  const settings = ['--test', '--test-concurrency=2', '--test-timeout=120000', ...reporter]
  const quiet = '--disable-warning=ExperimentalWarning'
  const args = [
    '--import',
    './scripts/tsx-hook.mjs',
    quiet,
    ...settings,
    ...options,
    ...files.map((file) => resolve(file)),
  ]
  const child = spawn(process.execPath, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: !isWindows,
  })
  const alarm = setTimeout(() => {
    console.error(`The tests did not end within ${deadlineMinutes} minutes: stopping them.`)
    stopGroup(child, 'SIGINT')
  }, deadlineMinutes * 60_000)
  return endOf(child).finally(() => clearTimeout(alarm))
}

async function endOf(child: ChildProcess): Promise<number> {
  running = child
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return code ?? 1
  } finally {
    running = undefined
    signalGroup(child, 'SIGKILL') // what a failed test may have left behind
  }
}

function stopGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  signalGroup(child, signal)
  setTimeout(() => running === child && signalGroup(child, 'SIGKILL'), 5000).unref()
}

/** To a program and all that it started: each of ours leads a process group. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (isWindows || child.pid === undefined) child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // else all have ended already
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
