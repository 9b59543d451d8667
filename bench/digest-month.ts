// Ten thousand readers in thirty zones over a month with two changes of clocks and days without papers: each gets what
// was promised, at the promised hour, once. Usage: npm run bench:digest-month -- [--readers N] [--database URL, empty]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { migrate, openPostgres, openSqlite } from '../src/db/index.ts'
import { simulateMonth } from '../tests/digest-month.ts'
import { openMailServer } from '../tests/mail-server.ts'

const { values } = parseArgs({
  options: {
    database: { type: 'string' },
    readers: { type: 'string', default: '10000' },
    from: { type: 'string', default: '2026-03-04' },
    to: { type: 'string', default: '2026-04-06' },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'))
const db = values.database ? openPostgres(values.database) : openSqlite(join(folder, 'month.sqlite'))
await migrate(db)
const server = await openMailServer()
const started = performance.now()
const result = await simulateMonth(
  { after: () => {} },
  db,
  server,
  {
    from: values.from,
    to: values.to,
    readers: Number(values.readers),
    papersADay: 1,
    withoutPapers: ['2026-03-17', '2026-03-26'],
  },
  (day) => console.log(day, server.delivered.length, `${Math.round((performance.now() - started) / 1000)} s`),
)
console.log({ readers: Number(values.readers), ...result, seconds: Math.round((performance.now() - started) / 1000) })
await server.close()
await db.destroy()
rmSync(folder, { recursive: true, force: true })
