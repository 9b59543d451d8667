// How fast `paperround import` is, and how much memory it takes: the real command, a fresh database, one process.
// Usage: npm run bench:import -- FILE.jsonl.gz [--postgres URL]
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageFile } from '../src/lib/assets.ts'

const file = process.argv[2]
if (!file) throw new Error('Name the file to import: npm run bench:import -- FILE')
const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'))
const env = { ...process.env, PAPERROUND_DATA: folder, PAPERROUND_STARTER: 'false' }

try {
  for (const title of ['first', 'again'] as const) console.log(title, JSON.stringify(await importOnce()))
  console.log(`database: ${Math.round(statSync(join(folder, 'paperround.sqlite')).size / 1e6)} MB`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function importOnce() {
  const child = spawn(process.execPath, [packageFile('dist/main.js'), 'import', '--json', file as string], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let peakRssMb = 0
  const watch = setInterval(() => {
    // VmHWM is the system's own record of the most memory the process ever held.
    const match = /VmHWM:\s+(\d+) kB/.exec(statusOf(child.pid as number))
    if (match) peakRssMb = Math.round(Number(match[1]) / 1000)
  }, 100)
  let output = ''
  for await (const chunk of child.stdout) output += chunk
  clearInterval(watch)
  const [summary] = JSON.parse(output) as {
    read: number
    seconds: number
    added: number
    unchanged: number
    bad: number
  }[]
  if (!summary) throw new Error('the import said nothing')
  return { ...summary, perSecond: Math.round(summary.read / summary.seconds), peakRssMb }
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return '' // ended between two looks
  }
}
