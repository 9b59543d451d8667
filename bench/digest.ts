// How fast digests are planned and sent: personalised, DKIM-signed, into an SMTP server of another process on this
// machine; and what planning for many subscribers costs. Usage: npm run bench:digest -- [--mails N] [--subscribers N] [--only sending|planning]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { migrate, openSqlite } from '../src/db/index.ts'
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
  },
})
const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'))
const now = new Date('2026-03-02T07:00:00Z')
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
  { stdio: ['ignore', 'pipe', 'inherit'], cwd: join(import.meta.dirname, '..') },
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

async function openFilled(name: string, readers: number) {
  const db = openSqlite(join(folder, `${name}.sqlite`))
  await migrate(db)
  await fillEdition(db, '2026-03-02', 80)
  await subscribeMany(db, readers, now)
  return db
}

async function sending(mails: number): Promise<void> {
  const db = await openFilled('sending', mails)
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
  const db = await openFilled('planning', subscribers)
  globalThis.gc?.()
  const started = performance.now()
  const before = process.cpuUsage()
  const report = await planDeliveries({ db, isDayComplete: async () => true, tryOut: tryOutFor(site) }, now)
  console.log({
    subscribers,
    ...report,
    seconds: Number(((performance.now() - started) / 1000).toFixed(1)),
    cpuSeconds: Number((process.cpuUsage(before).user / 1e6 + process.cpuUsage(before).system / 1e6).toFixed(1)),
    rssMb: Math.round(process.memoryUsage.rss() / 1e6),
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1e3),
  })
  await db.destroy()
}
