import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import {
  adoptSources,
  askForToday,
  type Context,
  openContext,
  openSite,
  openWatchdog,
  openWorker,
} from '../compose/index.ts'
import { type Config, readConfig } from '../config.ts'
import { AppError } from '../errors.ts'
import { offerFirstAdministrator } from '../people/index.ts'
import { stopSignal } from './stop-signal.ts'

/** A request still running after this long is cut off when the program stops. */
const STOP_GRACE_MS = 10_000

/** `paperround serve`: runs the site until SIGINT or SIGTERM, then finishes what is in flight. */
export async function run(): Promise<number> {
  const config = readConfig(process.env)
  await using context = await openContext(config, { command: 'serve' })
  await adoptSources(context)
  await askForToday(context)
  await using site = openSite(context)
  await using worker = openWorker(context, site.search)
  const server = await listen(config, site.fetch)
  const stop = stopSignal()
  console.log(`${config.name} is at ${addressOf(config, server)}`)
  console.log(`Data: ${config.databaseUrl ? 'PostgreSQL, and ' : ''}${config.dataFolder}`)
  console.log('Stop: Ctrl-C')
  await tellFirstAdministrator(context, addressOf(config, server))
  if (config.worker) await worker.start()
  using watchdog = openWatchdog(context)
  watchdog.start()
  await stop
  await Promise.all([close(server), worker.stop()])
  return 0
}

/** Until somebody runs the site, each start prints the way to become the one who does. */
async function tellFirstAdministrator({ db, config, clock }: Context, address: string): Promise<void> {
  const secret = await offerFirstAdministrator(db, clock())
  if (secret) console.log(`First administrator: open ${config.baseUrl ?? address}/invite/${secret} (works once)`)
}

/** Starts listening; throws `unavailable` with what to do when the port is taken or not allowed. */
function listen(config: Config, fetch: Parameters<typeof serve>[0]['fetch']): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port: config.port, hostname: config.host }, () => resolve(server)) as Server
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new AppError('unavailable', whyNotListening(cause, config), { cause })),
    )
  })
}

function whyNotListening({ code, message }: NodeJS.ErrnoException, { host, port }: Config): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} of ${host} is in use by another program. Choose another one: PORT=${port + 1} npm start`
  if (code === 'EACCES') return `This user may not listen on port ${port}. Choose one above 1024: PORT=3000 npm start`
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL')
    return `HOST=${host} is no address of this machine. Try HOST=localhost or HOST=0.0.0.0.`
  return `The site cannot listen on ${host}:${port}: ${message}`
}

function addressOf({ host }: Config, server: Server): string {
  const { port } = server.address() as AddressInfo
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

/** Takes no new requests, lets the running ones end, and closes connections that only wait. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}
