// A program that sends digests and does nothing else, to be killed: DATABASE PORT NOW FOLDER.
import { openPostgres, openSqlite } from '../src/db/index.ts'
import { runDigests } from '../src/digest/index.ts'
import { clockAt, digestTools } from './digests.ts'

const [database = '', port = '', now = '', folder = ''] = process.argv.slice(2)
const db = database.startsWith('postgres') ? openPostgres(database) : openSqlite(database)
const tools = digestTools({ after: () => {} }, db, { port: Number(port) }, clockAt(now), { dataFolder: folder })
console.log('ready')
await runDigests(tools, { worker: `killed-${process.pid}` })
console.log('done')
tools.mailer[Symbol.dispose]()
await db.destroy()
