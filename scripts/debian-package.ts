// Programs that tests need and npm does not have, from the system's own packages: where that takes no question.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

export const APT_GET = '/usr/bin/apt-get'

/** Whether packages can be installed without asking anybody: root on a system with apt-get. */
export const canInstall = (aptGet = APT_GET): boolean => process.getuid?.() === 0 && existsSync(aptGet)

/** Their start scripts are not even unpacked: what is installed for tests never runs as a service of the machine. */
const noServices = ['/etc/init.d/*', '/lib/systemd/system/*', '/usr/lib/systemd/system/*'].flatMap((path) => [
  '-o',
  `Dpkg::Options::=--path-exclude=${path}`,
])

export type InstallOptions = {
  aptGet?: string
  /** The packages bring servers: install the programs alone, and nothing that starts them. */
  withoutServices?: boolean
}

/** Installs packages of Debian and removes none for them. Returns what went wrong, or undefined. */
export function installPackages(names: readonly string[], options: InstallOptions = {}): string | undefined {
  const { aptGet = APT_GET, withoutServices = false } = options
  const install = ['install', '-y', '--no-install-recommends', '--no-remove', ...(withoutServices ? noServices : [])]
  return runAptGet(aptGet, ['update']) ?? runAptGet(aptGet, [...install, ...names])
}

/** What went wrong, or undefined. */
function runAptGet(aptGet: string, args: string[]): string | undefined {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const result = spawnSync(aptGet, args, {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 << 20,
  })
  if (result.status === 0) return undefined
  return result.error?.message ?? (result.stderr.trim() || `apt-get ${args[0]} ended with ${result.status}`)
}
