import { adoptSources, askForToday, openContext, openWorker } from '../compose/index.ts'
import { readConfig } from '../config.ts'
import { stopSignal } from './stop-signal.ts'

/** `paperround work`: runs the jobs and no site, beside a site or several, until SIGINT or SIGTERM. */
export async function run(): Promise<number> {
  const config = readConfig(process.env)
  // The queue itself sees to it that no two programs run one job, so the data folder may be shared.
  await using context = await openContext(config, { command: 'work', alongside: true })
  await adoptSources(context)
  await askForToday(context)
  await using worker = openWorker(context)
  const stop = stopSignal()
  await worker.start()
  console.log(`Working for ${config.name}. Data: ${config.databaseUrl ? 'PostgreSQL, and ' : ''}${config.dataFolder}`)
  console.log('Stop: Ctrl-C')
  await stop
  await worker.stop()
  return 0
}
