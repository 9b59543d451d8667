// What a vote costs with many papers and votes stored, how many a second the site takes, and whether any is lost when
// it is killed: over HTTP, against the built program, with real sessions and form tokens.
// Usage: npm run bench:votes -- DATA_FOLDER [--rate N] [--seconds N] [--kills N]
// DATA_FOLDER is one that `paperround import` filled; people and 100,000 votes are added if they are missing.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openContext } from '../src/compose/index.ts'
import { readConfig } from '../src/config.ts'
import { bulkInsert, type Db, openSqlite } from '../src/db/index.ts'
import { recountAll } from '../src/discussion/index.ts'
import { hotness, listPapers } from '../src/feed/index.ts'
import { packageFile } from '../src/lib/assets.ts'
import { type PaperId, publicId } from '../src/papers/index.ts'
import { addressOf } from '../tests/program.ts'
import { atRate, createBallot, createVoters, type Voter } from '../tests/voters.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  args: process.argv.slice(2),
  options: {
    rate: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '20' },
    kills: { type: 'string', default: '20' },
  },
})
const folder = positionals[0]
if (!folder) throw new Error('Name a data folder: npm run bench:votes -- DATA_FOLDER')
const rate = Number(values.rate)
const VOTERS = 600
const VOTES_STORED = 100_000
const LISTED = 2_000
const DAY = '2026-08-03'
const ticksPerSecond = 100

type Paper = { id: number; publicId: string }
const { voters, papers } = await prepare(folder)
let cursor = 0
/** Another pair of person and paper each time: people in turn, so that nobody reaches the limit of an account. */
const nextVote = (): { voter: Voter; paper: Paper } => {
  const n = cursor++
  return {
    voter: voters[n % VOTERS] as Voter,
    paper: papers[(n * 7 + Math.floor(n / VOTERS)) % papers.length] as Paper,
  }
}

await latency()
await sustained()
await killed()

async function prepare(path: string) {
  await using context = await openContext(readConfig({ PAPERROUND_DATA: path, PAPERROUND_STARTER: 'false' }), {
    command: 'bench',
  })
  const { db, secret } = context
  const people = await createVoters(db, secret, VOTERS)
  const rows = await db.selectFrom('paper').select(['id', 'source', 'base_id']).orderBy('id').execute()
  await listPapers(
    db,
    rows.slice(0, LISTED).map((row) => ({ paperId: row.id as PaperId, day: DAY })),
    'import',
    new Date(`${DAY}T12:00:00Z`),
  )
  await fillVotes(
    db,
    people,
    rows.map((row) => row.id),
  )
  const { count } = await db
    .selectFrom('vote')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  console.log(`${rows.length} papers, ${count} votes, ${people.length} people`)
  const listed = rows.map((row) => ({ id: row.id, publicId: publicId({ source: row.source, id: row.base_id }) }))
  return { voters: people, papers: listed }
}

/** Votes of other days: half of them on a few hundred papers, as votes are. */
async function fillVotes(db: Db, people: Voter[], ids: number[]): Promise<void> {
  const { count } = await db
    .selectFrom('vote')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (Number(count) >= VOTES_STORED) return
  const pairs = new Set<string>()
  for (let n = 0; pairs.size < VOTES_STORED; n++) {
    const paper = n % 2 ? ids[(n * 31) % Math.min(300, ids.length)] : ids[(n * 9_973) % ids.length]
    pairs.add(`${paper} ${people[(n * 17 + Math.floor(n / 600)) % people.length]?.id}`)
  }
  const rows = [...pairs].map((pair) => {
    const [paper, person] = pair.split(' ') as [string, string]
    return {
      paper_id: Number(paper),
      person_id: person,
      created_at: '2026-08-03T15:00:00.000Z',
      counts: 1,
      network: null,
    }
  })
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('vote').execute()
    await bulkInsert(tx, 'vote', ['paper_id', 'person_id', 'created_at', 'counts', 'network'], rows)
  })
  await recountAll(db, hotness)
}

/** One after the other, as an idle site meets them; the time includes HTTP on both sides. */
async function latency(): Promise<void> {
  const site = await start()
  const ballot = createBallot(site.url)
  for (let n = 0; n < 300; n++) await vote(ballot)
  const before = cpuMs(site.child.pid as number)
  const times: number[] = []
  for (let n = 0; n < 3_000; n++) times.push(await vote(ballot))
  const cpu = (cpuMs(site.child.pid as number) - before) / times.length
  report('one at a time', times, { 'CPU ms a vote': cpu.toFixed(2) })
  ballot.close()
  await stop(site.child)
}

async function vote(ballot: ReturnType<typeof createBallot>): Promise<number> {
  const { voter, paper } = nextVote()
  const { status, ms } = await ballot.send(voter, paper.publicId)
  if (status !== 200) throw new Error(`a vote was answered with ${status}`)
  return ms
}

async function sustained(): Promise<void> {
  const site = await start()
  const ballot = createBallot(site.url)
  const seconds = Number(values.seconds)
  const times: number[] = []
  const acknowledged: string[] = []
  const waiting: Promise<void>[] = []
  const startedAt = performance.now()
  const before = cpuMs(site.child.pid as number)
  const sent = await atRate(rate, seconds, (_, due) => {
    const { voter, paper } = nextVote()
    waiting.push(
      ballot.send(voter, paper.publicId, 'paper', due).then(({ status, ms }) => {
        if (status !== 200) throw new Error(`a vote was answered with ${status}`)
        times.push(ms)
        acknowledged.push(`${paper.id} ${voter.id}`)
      }),
    )
  })
  await Promise.all(waiting)
  const took = (performance.now() - startedAt) / 1000
  const cpu = (cpuMs(site.child.pid as number) - before) / sent
  ballot.close()
  await stop(site.child)
  report(`${rate} a second`, times, {
    'votes a second': (sent / took).toFixed(0),
    'CPU ms a vote': cpu.toFixed(2),
    lost: await lostOf(acknowledged),
  })
}

async function killed(): Promise<void> {
  const acknowledged: string[] = []
  let sent = 0
  const kills = Number(values.kills)
  for (let kill = 0; kill < kills; kill++) {
    const site = await start()
    const ballot = createBallot(site.url)
    const over = new AbortController()
    const waiting: Promise<void>[] = []
    const voting = atRate(
      rate,
      60,
      () => {
        const { voter, paper } = nextVote()
        sent++
        waiting.push(
          ballot.send(voter, paper.publicId).then(
            ({ status }) => {
              if (status === 200) acknowledged.push(`${paper.id} ${voter.id}`)
            },
            () => {}, // not answered: may be there or not
          ),
        )
      },
      over.signal,
    )
    await sleep(800 + Math.random() * 700)
    site.child.kill('SIGKILL')
    over.abort()
    await voting
    await Promise.all(waiting)
    ballot.close()
    await sleep(50)
  }
  const db = openSqlite(join(folder as string, 'paperround.sqlite'))
  const drifted = await recountAll(db, hotness)
  await db.destroy()
  const lost = await lostOf(acknowledged)
  console.log(
    `killed ${kills} times at ${rate} a second: ${sent} sent, ${acknowledged.length} answered, ${lost} lost, ${drifted} counts wrong`,
  )
  if (lost > 0 || drifted > 0) process.exitCode = 1
}

/** Answered votes that the database does not have. */
async function lostOf(acknowledged: string[]): Promise<number> {
  const db = openSqlite(join(folder as string, 'paperround.sqlite'))
  const rows = await db.selectFrom('vote').select(['paper_id', 'person_id']).execute()
  await db.destroy()
  const kept = new Set(rows.map((row) => `${row.paper_id} ${row.person_id}`))
  return acknowledged.filter((name) => !kept.has(name)).length
}

function report(name: string, times: number[], more: Record<string, unknown>): void {
  times.sort((a, b) => a - b)
  const at = (share: number) => Number((times[Math.floor(times.length * share)] ?? 0).toFixed(2))
  console.table([{ name, votes: times.length, 'p50 ms': at(0.5), 'p95 ms': at(0.95), 'p99 ms': at(0.99), ...more }])
}

async function start(): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [packageFile('dist/main.js'), 'serve'], {
    env: {
      ...process.env,
      PAPERROUND_DATA: folder,
      PORT: '0',
      HOST: '127.0.0.1',
      PAPERROUND_WORKER: 'false',
      PAPERROUND_GATHER: 'false',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { url: await addressOf(child), child }
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM')
  await once(child, 'exit')
}

function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond
}
