// What somebody sees who starts it for the first time: `serve` on an empty folder, against an arXiv on this machine, with the
// pauses that the real one is given. Seconds from the start until today's edition of the four default categories is on the
// front page, whole. Usage: npm run bench:first-start
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { packageFile } from '../src/lib/assets.ts'
import { currentAnnouncementDay, dateInWords } from '../src/papers/index.ts'

const GOAL_SECONDS = 120
const GIVEN_UP_SECONDS = 300
const CATEGORIES = ['cs.AI', 'cs.CL', 'cs.CV', 'cs.LG']

const arxiv = spawn(process.execPath, [join(import.meta.dirname, 'gather.ts'), '--serve', '1000'], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const [address] = (await once(arxiv.stdout, 'data')) as [Buffer]
const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'))
const startedAt = performance.now()
const site = spawn(process.execPath, [packageFile('dist/main.js'), 'serve'], {
  env: { ...process.env, PAPERROUND_DATA: folder, PAPERROUND_ARXIV_URL: address.toString().trim(), PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
})
try {
  const url = await addressOfSite()
  const seconds = () => Math.round((performance.now() - startedAt) / 100) / 10
  console.log(`the site answers after ${seconds()} s`)
  const day = currentAnnouncementDay(new Date())
  const arrived = new Set<string>()
  let isOnFront = false
  while (seconds() < GIVEN_UP_SECONDS && !(arrived.size === CATEGORIES.length && isOnFront)) {
    const status = await (await fetch(`${url}/status`)).text()
    for (const category of CATEGORIES) {
      const row = new RegExp(`/categories/${category}"[\\s\\S]*?<td[^>]*>(\\d+) of (\\d+)`).exec(status)
      if (!row || row[1] !== row[2] || arrived.has(category)) continue
      arrived.add(category)
      console.log(`${category}: ${row[1]} of ${row[2]} after ${seconds()} s`)
    }
    const front = await (await fetch(url)).text()
    isOnFront = front.includes(dateInWords(day)) && front.includes('Complete since')
    await sleep(250)
  }
  console.log(`today's edition is on the front page, complete, after ${seconds()} s (goal: ${GOAL_SECONDS} s)`)
  process.exitCode = isOnFront && seconds() <= GOAL_SECONDS ? 0 : 1
} finally {
  site.kill()
  arxiv.kill()
  await once(site, 'exit')
  rmSync(folder, { recursive: true, force: true })
}

async function addressOfSite(): Promise<string> {
  for await (const line of createInterface({ input: site.stdout })) {
    const found = /is at (http:\S+)/.exec(line)?.[1]
    if (found) return found
  }
  throw new Error('the site ended before it said where it is')
}
