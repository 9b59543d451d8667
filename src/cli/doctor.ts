import { existsSync } from 'node:fs'
import { openDatabase, readSources } from '../compose/index.ts'
import { type Config, inspectConfig, type SettingReport } from '../config.ts'
import { databaseFile, databaseVersion, folderProblem, nearestExisting } from '../db/index.ts'
import { packageFile, programVersion } from '../lib/assets.ts'
import { freeMegabytes } from '../lib/free-space.ts'
import { embedderFindings } from './doctor-embedder.ts'
import { mailFindings } from './doctor-mail.ts'
import { signInFindings } from './doctor-sign-in.ts'

/** `attention`: nothing is broken here, and an administrator should look at it all the same. */
type Finding = { what: string; ok: boolean; attention?: boolean; detail: string }

/** Less free space than this and a day's gathering may not fit. */
const MIN_FREE_MB = 500

/** `paperround doctor`: the configuration with what is wrong in it, and whether what the program needs is there. */
export async function run(_args: string[], options: { json?: boolean; mailTo?: string }): Promise<number> {
  const { config, report } = inspectConfig(process.env)
  const isDatabaseUnclear = report.some((row) => row.problem && row.env === 'DATABASE_URL')
  const database = isDatabaseUnclear
    ? { what: 'Database', ok: false, detail: 'not looked at, because DATABASE_URL is wrong' }
    : await databaseFinding(config)
  const mail = await mailFindings(config, options.mailTo)
  const embedder = database.ok ? await embedderFindings(config) : []
  const findings = [...environmentFindings(config), ...signInFindings(config), database, ...embedder, ...mail]
  const isWell = report.every((row) => !row.problem) && findings.every((finding) => finding.ok)
  if (options.json)
    console.log(JSON.stringify({ ok: isWell, version: programVersion(), settings: report, findings }, null, 2))
  else console.log(asText(report, findings, isWell))
  return isWell ? 0 : 1
}

function environmentFindings(config: Config): Finding[] {
  const problem = folderProblem(config.dataFolder)
  const freeMb = freeMegabytes(nearestExisting(config.dataFolder))
  return [
    { what: 'Node', ok: Number(process.versions.node.split('.')[0]) >= 24, detail: process.version },
    {
      what: 'Build',
      ok: existsSync(packageFile('dist/assets.json')),
      detail: existsSync(packageFile('dist/assets.json')) ? 'present' : 'missing: run "npm run build"',
    },
    {
      what: 'Data folder',
      ok: !problem,
      detail: `${config.dataFolder}: ${problem ?? 'can be written'}`,
    },
    sourcesFinding(config),
    { what: 'Free space', ok: freeMb >= MIN_FREE_MB, detail: `${freeMb.toLocaleString('en')} MB` },
    {
      what: 'Administrator',
      ok: true,
      detail:
        config.contact ??
        'no address given: set PAPERROUND_CONTACT, so that sources and readers can reach somebody and alerts a mailbox',
    },
  ]
}

function sourcesFinding({ sourcesFile }: Config): Finding {
  const what = 'Sources'
  if (!sourcesFile) return { what, ok: true, detail: 'as set on /admin/sources; arXiv is gathered by itself' }
  try {
    const { arxiv, sources } = readSources(sourcesFile)
    const names = [
      ...(arxiv ? [`arXiv (${arxiv.categories.join(', ') || 'off'})`] : []),
      ...sources.map(({ name }) => name),
    ]
    return { what, ok: true, detail: `${sourcesFile} names ${names.join(', ') || 'none'}` }
  } catch (error) {
    return { what, ok: false, detail: (error as Error).message }
  }
}

/** Opens the database as it is, without creating or migrating anything. */
async function databaseFinding(config: Config): Promise<Finding> {
  if (!config.databaseUrl && !existsSync(databaseFile(config.dataFolder)))
    return { what: 'Database', ok: true, detail: 'none yet: the first start makes it' }
  try {
    const db = openDatabase(config)
    await using _closed = { [Symbol.asyncDispose]: () => db.destroy() }
    return { what: 'Database', ok: true, detail: await databaseVersion(db) }
  } catch (error) {
    return { what: 'Database', ok: false, detail: `does not answer: ${(error as Error).message}` }
  }
}

function asText(report: SettingReport[], findings: Finding[], isWell: boolean): string {
  const width = Math.max(...report.map((row) => row.env.length))
  const settings = report.map((row) => {
    const origin = row.isDefault ? ' (default)' : ''
    const problem = row.problem ? `\n${' '.repeat(width + 4)}WRONG: ${row.problem}` : ''
    return `  ${row.env.padEnd(width)}  ${row.shown}${origin}  # ${row.about}${problem}`
  })
  const mark = ({ ok, attention }: Finding) => (ok ? (attention ? 'LOOK ' : 'ok   ') : 'WRONG')
  const checks = findings.map((finding) => `  ${mark(finding)} ${finding.what}: ${finding.detail}`)
  const toLookAt = findings.filter(({ ok, attention }) => ok && attention).length
  const well = toLookAt > 0 ? 'Nothing is wrong here; see LOOK above for what to see to.' : 'All is well.'
  return [
    'Settings (environment variables):',
    ...settings,
    '',
    'Checks:',
    ...checks,
    '',
    isWell ? well : 'Something is wrong; see WRONG above.',
  ].join('\n')
}
