// What a 30-card edition page costs with many papers stored, against a page made of a template string, in one run.
// Usage: npm run bench:pages -- DATA_FOLDER [--seconds N] [--rate N]
// DATA_FOLDER is one that `paperround import` filled; a day of 30 papers is listed in it if there is none.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { parseArgs } from 'node:util'
import { openContext } from '../src/compose/index.ts'
import { readConfig } from '../src/config.ts'
import { castVote } from '../src/discussion/index.ts'
import { hotness, listPapers } from '../src/feed/index.ts'
import { packageFile } from '../src/lib/assets.ts'
import { categoryIds } from '../src/papers/index.ts'
import { addressOf } from '../tests/program.ts'
import { createVoters } from '../tests/voters.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  args: process.argv.slice(2),
  options: { seconds: { type: 'string', default: '20' }, rate: { type: 'string', default: '300' } },
})
const folder = positionals[0]
if (!folder) throw new Error('Name a data folder: npm run bench:pages -- DATA_FOLDER')
const DAY = '2026-08-03'
const ticksPerSecond = 100
const results: Record<string, unknown>[] = []

const cookie = await listThirty()
const templateServer = `
  const rows = Array.from({ length: 30 }, (_, n) => ({ n, title: 'A title of usual length about learning things ' + n, authors: 'Ada Byron, Ben Okri, Chen Wei' }))
  require('node:http').createServer((_, res) => {
    res.setHeader('content-type', 'text/html')
    res.end('<!doctype html><html><body><ol>' + rows.map((r) => \`<li class="card"><a class="thumb" href="/papers/\${r.n}"><img src="/papers/\${r.n}/card.png" alt="" width="240" height="126"></a><h3><a href="/papers/\${r.n}">\${r.title}</a></h3><p class="by">\${r.authors}</p><p class="facts"><b>0</b> upvotes <span>0 comments</span><a href="/categories/cs.LG">cs.LG</a></p></li>\`).join('') + '</ol></body></html>')
  }).listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port) })`

for (const round of [1, 2]) {
  await measure(`page, round ${round}`, [packageFile('dist/main.js'), 'serve'], `/papers/date/${DAY}`)
  await measure(
    `page, signed in, round ${round}`,
    [packageFile('dist/main.js'), 'serve'],
    `/papers/date/${DAY}`,
    cookie,
  )
  await measure(`template string, round ${round}`, ['-e', templateServer], '/')
}
console.table(results)

/** Lists the papers, and signs somebody in who upvoted ten of them; returns the cookie. */
async function listThirty(): Promise<string> {
  await using context = await openContext(
    readConfig({ PAPERROUND_DATA: folder as string, PAPERROUND_STARTER: 'false' }),
    { command: 'bench' },
  )
  const { ids } = await categoryIds(context.db, 'cs.LG', { limit: 30 })
  await listPapers(
    context.db,
    ids.map((paperId) => ({ paperId, day: DAY })),
    'import',
    new Date('2026-08-03T12:00:00Z'),
  )
  const [voter] = await createVoters(context.db, context.secret, 1)
  for (const paperId of ids.slice(0, 10))
    await castVote(context.db, { paperId, personId: voter!.id, at: new Date() }, 'up', hotness)
  return voter!.cookie
}

/** Requests at a fixed rate from this process; CPU time is the server's own, user and system, all threads. */
async function measure(name: string, args: string[], path: string, as?: string): Promise<void> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, PAPERROUND_DATA: folder, PORT: '0', HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const base = await addressOf(child)
    const agent = new Agent({ keepAlive: true, maxSockets: 32 })
    const idleRssMb = memoryMb(child.pid as number)
    await load(base + path, agent, 3, Number(values.rate), as)
    const before = cpuMs(child.pid as number)
    const { latencies, bytes } = await load(base + path, agent, Number(values.seconds), Number(values.rate), as)
    const cpu = cpuMs(child.pid as number) - before
    agent.destroy()
    latencies.sort((a, b) => a - b)
    const at = (share: number) => Number((latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(2))
    results.push({
      name,
      requests: latencies.length,
      cpuMsPerRequest: Number((cpu / latencies.length).toFixed(3)),
      p50: at(0.5),
      p99: at(0.99),
      kB: Math.round(bytes / 1000),
      idleRssMb,
      rssMb: memoryMb(child.pid as number),
    })
  } finally {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
}

async function load(url: string, agent: Agent, seconds: number, rate: number, cookie?: string) {
  const latencies: number[] = []
  let bytes = 0
  const waiting: Promise<void>[] = []
  const start = performance.now()
  for (let sent = 0; sent < seconds * rate; sent++) {
    const due = start + (sent * 1000) / rate
    const wait = due - performance.now()
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
    waiting.push(
      new Promise((resolve, reject) => {
        // Counted from when it was due, so that a server that falls behind cannot hide it.
        request(url, { agent, headers: { ...(cookie ? { cookie } : {}) } }, (answer) => {
          if (answer.statusCode !== 200) reject(new Error(`${url} answered ${answer.statusCode}`))
          let length = 0
          answer.on('data', (chunk: Buffer) => {
            length += chunk.length
          })
          answer.on('end', () => {
            bytes = length
            latencies.push(performance.now() - due)
            resolve()
          })
        })
          .on('error', reject)
          .end()
      }),
    )
  }
  await Promise.all(waiting)
  return { latencies, bytes }
}

function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond
}

function memoryMb(pid: number): number {
  return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1000)
}
