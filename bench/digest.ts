// How fast digests are planned and sent: personalised, DKIM-signed, into an SMTP server of another process on this
// machine; and what planning for many subscribers costs. Usage: npm run bench:digest -- [--mails N] [--subscribers N] [--only sending|planning] [--database postgres://…, empty]
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { migrate, openPostgres, openSqlite } from '../src/db/index.ts'
import { tryOutFor } from '../src/digest/digest-content.ts'
import { runDigests } from '../src/digest/index.ts'
import { planDeliveries } from '../src/digest/plan-deliveries.ts'
import { createLog } from '../src/lib/log.ts'
import { createMailer, loadDkimKey, parseSmtpUrl } from '../src/lib/mail/index.ts'
import { fillEdition, subscribeMany } from '../tests/digests.ts'

const { values } = parseArgs({
  options: {
    mails: { type: 'string', default: '2000' },
    subscribers: { type: 'string', default: '100000' },
    only: { type: 'string' },
    database: { type: 'string' },
    prepare: { type: 'string' },
  },
})
const root = join(import.meta.dirname, '..')
const now = new Date('2026-03-02T07:00:00Z')
if (values.prepare) {
  await (await openFilled(values.prepare, Number(values.subscribers))).destroy()
  process.exit()
}
const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'))
const site = {
  name: 'Lab Papers',
  baseUrl: 'https://papers.example.org',
  digestFrom: 'Lab Papers <digest@example.org>',
  bounceAddress: 'bounce@example.org',
  timeZone: 'UTC',
}

const server = spawn(
  process.execPath,
  [
    '--input-type=module',
    '-e',
    `import { SMTPServer } from 'smtp-server'
     const server = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], disableReverseLookup: true,
       onData(stream, session, answer) { stream.resume(); stream.on('end', answer) } })
     server.listen(0, '127.0.0.1', () => console.log(server.server.address().port))`,
  ],
  { stdio: ['ignore', 'pipe', 'inherit'], cwd: root },
)
const [chunk] = (await once(server.stdout, 'data')) as [Buffer]
const port = Number(String(chunk))

try {
  // Apart, so that neither's memory is counted as the other's.
  if (values.only !== 'planning') await sending(Number(values.mails))
  if (values.only !== 'sending') await planning(Number(values.subscribers))
} finally {
  server.kill()
  rmSync(folder, { recursive: true, force: true })
}

async function openFilled(database: string, readers: number) {
  const db = database.startsWith('postgres') ? openPostgres(database) : openSqlite(database)
  await migrate(db)
  await fillEdition(db, '2026-03-02', 80)
  await subscribeMany(db, readers, now)
  return db
}

async function sending(mails: number): Promise<void> {
  const db = await openFilled(join(folder, 'sending.sqlite'), mails)
  const dkim = loadDkimKey(folder, 'example.org', 'bench')
  const smtp = parseSmtpUrl(`smtp://127.0.0.1:${port}?tls=none&rate=0&connections=8`)
  using mailer = createMailer({ smtp, from: 'papers@example.org', dkim })
  const tools = { db, clock: () => now, log: createLog('error'), mailer, site, dataFolder: folder }
  await planDeliveries({ db, isDayComplete: async () => true, tryOut: tryOutFor(site) }, now)
  const started = performance.now()
  const before = process.cpuUsage()
  const report = await runDigests({ ...tools, isDayComplete: async () => true }, { worker: 'bench' })
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(before)
  console.log({
    sent: report.sent,
    papersEach: 20,
    seconds: Number(seconds.toFixed(1)),
    mailsPerSecond: Math.round(report.sent / seconds),
    cpuMsPerMail: Number(((user + system) / 1000 / report.sent).toFixed(2)),
    rssMb: Math.round(process.memoryUsage.rss() / 1e6),
  })
  await db.destroy()
}

async function planning(subscribers: number): Promise<void> {
  const file = join(folder, 'planning.sqlite')
  const database = values.database ?? file
  // Two other processes: one that makes the readers, and one that only plans, bundled as the program is.
  const launch = [join(root, 'launch.mjs'), '--script', 'bench/digest.ts']
  run(...launch, '--prepare', database, '--subscribers', String(subscribers))
  const planner = join(root, 'dist', `bench-plan-${process.pid}.mjs`)
  try {
    const bundled = { bundle: true, format: 'esm', platform: 'node', target: 'node24', packages: 'external' } as const
    const jsx = { jsx: 'automatic', jsxImportSource: 'hono/jsx' } as const
    await build({ entryPoints: [join(root, 'bench/plan-digests.ts')], outfile: planner, ...bundled, ...jsx })
    run('--disable-warning=ExperimentalWarning', planner, database, now.toISOString())
  } finally {
    rmSync(planner, { force: true })
  }
}

function run(...args: string[]): void {
  if (spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status !== 0)
    throw new Error(`${args.join(' ')} failed`)
}
