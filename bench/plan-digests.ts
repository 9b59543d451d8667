// The planner alone, for `bench/digest.ts`: bundled as the program is, so that its memory is what the program needs.
// Usage: DATABASE NOW
import { openPostgres, openSqlite } from '../src/db/index.ts'
import { tryOutFor } from '../src/digest/digest-content.ts'
import { planDeliveries } from '../src/digest/plan-deliveries.ts'

const [database = '', now = ''] = process.argv.slice(2)
const db = database.startsWith('postgres') ? openPostgres(database) : openSqlite(database)
const site = {
  name: 'Lab Papers',
  baseUrl: 'https://papers.example.org',
  digestFrom: 'Lab Papers <digest@example.org>',
  bounceAddress: 'bounce@papers.example.org',
  timeZone: 'UTC',
}
const megabytes = (bytes: number) => Math.round(bytes / 1e6)
const rssBefore = process.memoryUsage.rss()
const started = performance.now()
let longestPause = 0
let last = started
const beat = setInterval(() => {
  longestPause = Math.max(longestPause, performance.now() - last)
  last = performance.now()
}, 5)
const before = process.cpuUsage()
const report = await planDeliveries({ db, isDayComplete: async () => true, tryOut: tryOutFor(site) }, new Date(now))
const seconds = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage(before)
clearInterval(beat)
console.log({
  ...report,
  seconds: Number(seconds.toFixed(1)),
  cpuSeconds: Number(((user + system) / 1e6).toFixed(1)),
  rssBeforeMb: megabytes(rssBefore),
  peakRssMb: megabytes(process.resourceUsage().maxRSS * 1024),
  longestPauseMs: Math.round(longestPause),
})
await db.destroy()
