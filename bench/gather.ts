// How fast arXiv's records are parsed, merged and stored, in how much memory, and how long a day takes from its lists to the
// stored edition: the real command against an arXiv on this machine that answers without pauses.
// Usage: npm run bench:gather -- [RECORDS] [--once] [--postgres URL]     (default 100,000; arXiv holds about 3,000,000)
// --once leaves out the day and the second harvest, and prints rate and memory after every 100,000 records.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { packageFile, packageRoot } from '../src/lib/assets.ts'
import { addDays, currentAnnouncementDay } from '../src/papers/index.ts'
import { apiAnswer } from '../tests/fake-arxiv/oai.ts'
import { escapeXml, listingPage } from '../tests/fake-arxiv/pages.ts'
import { announcementsOf, followed, makePlan } from '../tests/fake-arxiv/plan.ts'

/** As arXiv's server was seen to send them. */
const PAGE_SIZE = 1_300
const MONTH_SIZE = 20_000
const DAY_PAPERS = 1_500
/** Titles and abstracts that are used again and again. */
const TEXTS = 20_000
const LOG_EVERY = 100_000
/** As the command itself starts its process for a full harvest; given here, it is this process that is measured. */
const SMALL_HEAP = ['--max-semi-space-size=8', '--max-old-space-size=320']

if (process.argv[2] === '--serve') await serve(Number(process.argv[3]))
else await measure()

async function measure(): Promise<void> {
  const records = Number(process.argv[2] ?? 100_000)
  const server = spawn(process.execPath, [...process.execArgv, import.meta.filename, '--serve', String(records)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [address] = (await once(server.stdout, 'data')) as [Buffer]
  const isOnce = process.argv.includes('--once')
  const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'))
  const postgres = process.argv.indexOf('--postgres')
  const env = {
    ...process.env,
    PAPERROUND_DATA: folder,
    PAPERROUND_STARTER: 'false',
    PAPERROUND_ARXIV_URL: address.toString().trim(),
    PAPERROUND_ARXIV_PAUSE: '0',
    ...(postgres > 0 ? { DATABASE_URL: process.argv[postgres + 1] } : {}),
  }
  try {
    const day = currentAnnouncementDay(new Date())
    const ofDay = isOnce ? undefined : await runCommand(['gather', '--day', day], env)
    if (ofDay) console.log(`a day of ${DAY_PAPERS} papers, lists to stored edition`, JSON.stringify(ofDay))
    for (const title of isOnce ? ['once'] : ['first', 'again']) {
      const { seconds, ...more } = await runCommand(['gather', '--all'], env, isOnce ? server.stdout : undefined)
      // On a busy machine only the second figure says something about the program.
      const rates = { perSecond: Math.round(records / seconds), perCpuSecond: Math.round(records / more.cpuSeconds) }
      console.log(`${records} records, ${title}`, JSON.stringify({ ...rates, seconds, ...more }))
    }
    if (postgres < 0) console.log(`database: ${Math.round(statSync(join(folder, 'paperround.sqlite')).size / 1e6)} MB`)
  } finally {
    server.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `asked` says how many records were handed out so far, whenever that is another round number. */
async function runCommand(args: string[], env: NodeJS.ProcessEnv, asked?: NodeJS.ReadableStream) {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [...SMALL_HEAP, packageFile('dist/main.js'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let peakRssMb = 0
  let cpuSeconds = 0
  const watch = setInterval(() => {
    // VmHWM is the system's own record of the most memory the process ever held.
    const match = /VmHWM:\s+(\d+) kB/.exec(statusOf(child.pid as number))
    if (match) peakRssMb = Math.round(Number(match[1]) / 1000)
    cpuSeconds = cpuOf(child.pid as number) ?? cpuSeconds
  }, 50)
  let last = { records: 0, at: startedAt, cpuSeconds: 0 }
  const tell = (line: Buffer) => {
    const records = Number(line.toString().trim().split('\n').at(-1))
    const now = { records, at: performance.now(), cpuSeconds: cpuOf(child.pid as number) ?? cpuSeconds }
    const rssMb = Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(statusOf(child.pid as number))?.[1]) / 1000)
    const [seconds, busy] = [(now.at - last.at) / 1000, now.cpuSeconds - last.cpuSeconds]
    const rate = (time: number) => Math.round((records - last.records) / time)
    const minutes = ((now.at - startedAt) / 60_000).toFixed(1)
    console.log(
      `${minutes} min: ${records} records, ${rate(seconds)}/s, ${rate(busy)} per CPU second, ${rssMb} MB (peak ${peakRssMb})`,
    )
    last = now
  }
  asked?.on('data', tell)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const [code] = (await once(child, 'close')) as [number | null]
  clearInterval(watch)
  asked?.off('data', tell)
  if (code !== 0) throw new Error(`the command ended with ${code}: ${output}`)
  return {
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    cpuSeconds,
    peakRssMb,
    said: output.trim().split('\n').at(-1),
  }
}

/** User and system time of a process and its threads, in seconds; the kernel counts hundredths. */
function cpuOf(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return undefined // ended between two looks
  }
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return '' // ended between two looks
  }
}

/** Records of real length: from real titles and abstracts where they are at hand. */
async function serve(total: number): Promise<void> {
  const texts = await realTexts()
  const day = currentAnnouncementDay(new Date())
  const plan = makePlan({ first: addDays(day, -1), last: day, perDay: 1_800 })
  const today = plan.labels.at(-1)!.day
  const subjects = followed.filter((one) => announcementsOf(plan, one, today).length > 0)
  console.error(
    `the day has ${new Set(subjects.flatMap((one) => announcementsOf(plan, one, today).map(({ paper }) => paper.id))).size} papers`,
  )
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://arxiv.test')
    const [, service, subject = ''] = url.pathname.split('/')
    if (service === 'list') response.end(listingPage(plan, subject, today, 0, 2_000))
    else if (service === 'catchup') response.end(listingPage(plan, subject, today, 0, 2_000))
    else if (service === 'api') response.end(apiAnswer(plan, url.searchParams, today, new Date()).body)
    else {
      const start = Number(url.searchParams.get('resumptionToken') ?? 0)
      if (Math.floor(start / LOG_EVERY) > Math.floor((start - PAGE_SIZE) / LOG_EVERY) && start > PAGE_SIZE)
        console.log(start)
      response.end(recordsPage(texts, start, total))
    }
  })
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
}

/** Escaped already: the server must not be what is measured. */
type Text = { title: string; abstract: string; authors: string; submitter: string; categories: string }

async function realTexts(): Promise<Text[]> {
  const file = join(packageRoot, '..', 'shared', 'data/arxiv-200k.jsonl.gz')
  const texts: Text[] = []
  const add = (record: { title: string; abstract: string; authors: string[]; categories: string[] }) =>
    texts.push({
      title: escapeXml(record.title),
      abstract: escapeXml(record.abstract),
      authors: escapeXml(record.authors.join(', ')),
      submitter: escapeXml(record.authors[0] ?? 'A. Submitter'),
      categories: record.categories.join(' '),
    })
  if (existsSync(file)) {
    const input = createReadStream(file)
    for await (const line of createInterface({ input: input.pipe(createGunzip()) })) {
      if (line !== '') add(JSON.parse(line))
      if (texts.length >= TEXTS) break
    }
    input.destroy()
    return texts
  }
  for (let index = 0; index < 1_000; index++)
    add({
      title: `A study of problem ${index} in $\\ell_${index % 9}$ spaces`,
      abstract: 'We study a problem and solve it. '.repeat(30 + (index % 20)),
      authors: ['Ada Byron', "Jos\\'e Garc\\'ia", 'Paul Erd\\H{o}s'],
      categories: ['math.FA', 'cs.LG'],
    })
  return texts
}

function recordsPage(texts: readonly Text[], start: number, total: number): string {
  const records: string[] = []
  for (let index = start; index < Math.min(total, start + PAGE_SIZE); index++) records.push(recordXml(texts, index))
  const end =
    start + PAGE_SIZE < total ? `<resumptionToken>${start + PAGE_SIZE}</resumptionToken>` : '<resumptionToken/>'
  return `<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-09-08T04:00:00Z</responseDate><request>x</request><ListRecords>${records.join('')}${end}</ListRecords></OAI-PMH>`
}

function recordXml(texts: readonly Text[], index: number): string {
  const { title, abstract, authors, submitter, categories } = texts[index % texts.length] as Text
  const month = Math.floor(index / MONTH_SIZE)
  const yymm = String(15 + Math.floor(month / 12)).padStart(2, '0') + String((month % 12) + 1).padStart(2, '0')
  const id = `${yymm}.${String((index % MONTH_SIZE) + 1).padStart(5, '0')}`
  const versions = Array.from(
    { length: 1 + (index % 3) },
    (_, version) =>
      `<version version="v${version + 1}"><date>Mon, 0${1 + version} Jun 2026 12:00:01 GMT</date><size>900kb</size><source_type>D</source_type></version>`,
  )
  // Titles differ, as they do at arXiv; a paper of the same title would have to be compared with all of its namesakes.
  return `<record><header><identifier>oai:arXiv.org:${id}</identifier><datestamp>2026-06-${String(10 + (index % 18))}</datestamp><setSpec>cs:cs:LG</setSpec></header><metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>${id}</id><submitter>${submitter}</submitter>${versions.join('')}<title>${title}${index >= texts.length ? ` (${index})` : ''}</title><authors>${authors}</authors><categories>${categories}</categories><comments>${index % 40} pages</comments><license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license><abstract>  ${abstract}
</abstract></arXivRaw></metadata></record>`
}
