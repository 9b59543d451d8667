// A program that sends digests and does nothing else, to be killed: DATABASE PORT NOW FOLDER [STEPS]. With STEPS it kills
// itself with -9 right after the database answered it for that many times, in the middle of whatever it is doing.
import type { KyselyPlugin } from 'kysely'
import { openPostgres, openSqlite } from '../src/db/index.ts'
import { runDigests } from '../src/digest/index.ts'
import { clockAt, digestTools } from './digests.ts'

const [database = '', port = '', now = '', folder = '', steps = ''] = process.argv.slice(2)
let left = steps === '' ? Number.POSITIVE_INFINITY : Number(steps)
const countSteps: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => {
    if (--left <= 0) process.kill(process.pid, 'SIGKILL')
    return result
  },
}
const opened = database.startsWith('postgres') ? openPostgres(database) : openSqlite(database)
const db = opened.withPlugin(countSteps)
const tools = digestTools({ after: () => {} }, db, { port: Number(port) }, clockAt(now), { dataFolder: folder })
console.log('ready')
await runDigests(tools, { worker: `killed-${process.pid}` })
console.log('done')
tools.mailer[Symbol.dispose]()
await opened.destroy()
