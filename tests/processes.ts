// Questions that tests ask about other processes.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Whether a process still runs, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isDefunct(pid)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' && !isDefunct(pid)
  }
}

/** Waits until something that cannot be awaited has become true; fails after a minute. */
export async function until(condition: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 60_000; !condition() && performance.now() < deadline; await sleep(25));
  assert.ok(condition(), `not after a minute: ${condition}`)
}

/** Ended, but not yet collected by its parent: in containers nobody may ever do so. */
function isDefunct(pid: number): boolean {
  return existsSync(`/proc/${pid}/stat`) && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}
