import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { openSqlite } from '../../src/db/index.ts'
import { packageFile } from '../../src/lib/assets.ts'
import { temporaryFolder } from '../databases.ts'
import { withPostgresDatabase } from '../postgres.ts'
import { environment, runProgram } from '../program.ts'
import { sharedFile, withoutShared } from '../shared.ts'

const noStarter = { PAPERROUND_STARTER: 'false' }
const lines = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      id: `2601.${String(n + 1).padStart(5, '0')}`,
      title: `Paper ${n}`,
      authors: ['Ada Byron', `Person ${n}`],
      categories: ['cs.LG'],
      abstract: 'About rooms.',
    }),
  )

type Summary = { read: number; added: number; updated: number; unchanged: number; listed: number; bad: number }
async function importFiles(
  files: string[],
  env: Record<string, string>,
  ...options: string[]
): Promise<{ code: number | null; stderr: string; total: Summary }> {
  const { code, stdout, stderr } = await runProgram(['import', '--json', ...options, ...files], env)
  const summaries = JSON.parse(stdout || '[]') as Summary[]
  const sum = (name: keyof Summary) => summaries.reduce((total, summary) => total + summary[name], 0)
  return {
    code,
    stderr,
    total: {
      read: sum('read'),
      added: sum('added'),
      updated: sum('updated'),
      unchanged: sum('unchanged'),
      listed: sum('listed'),
      bad: sum('bad'),
    },
  }
}

describe('paperround import', () => {
  test('bad records are skipped, counted, named with line and reason, and make the exit code 3', async (t) => {
    const folder = temporaryFolder(t)
    const file = join(folder, 'papers.jsonl')
    writeFileSync(
      file,
      [
        ...lines(2),
        '{"title": broken',
        '{"abstract":"no title"}',
        '{"__proto__":{"title":"x"},"constructor":1}',
        '{"id":"2104.12255","title":"0","authors":["Zoe Null"]}',
        '{"id":"hep-th/9901001","title":"Strings","authors":["Old Author"]}',
      ].join('\n'),
    )
    const { code, stderr, total } = await importFiles([file], environment(folder, noStarter))
    assert.equal(code, 3)
    assert.deepEqual(total, { read: 4, added: 4, updated: 0, unchanged: 0, listed: 0, bad: 3 })
    for (const line of [3, 4, 5]) assert.match(stderr, new RegExp(`papers\\.jsonl:${line}: skipped: \\S`))
    const db = openSqlite(join(folder, 'paperround.sqlite'))
    const rows = await db.selectFrom('paper').select(['base_id', 'title']).orderBy('base_id').execute()
    await db.destroy()
    assert.deepEqual(rows.map((row) => row.title).sort(), ['0', 'Paper 0', 'Paper 1', 'Strings'])
    assert.ok(rows.some((row) => row.base_id === 'hep-th/9901001'))
  })

  test('a truncated .gz gives all that can be read, then says so', async (t) => {
    const folder = temporaryFolder(t)
    const file = join(folder, 'papers.jsonl.gz')
    const whole = gzipSync(lines(4_000).join('\n'))
    writeFileSync(file, whole.subarray(0, whole.length - Math.floor(whole.length / 3)))
    const { code, stderr, total } = await importFiles([file], environment(folder, noStarter))
    assert.equal(code, 3)
    assert.ok(total.added > 1_000 && total.added < 4_000, `${total.added} added`)
    assert.match(stderr, /breaks off|truncated|ends/i)
  })

  test('a 50 MB line and another encoding are handled, and memory stays bounded', async (t) => {
    const folder = temporaryFolder(t)
    const file = join(folder, 'odd.jsonl')
    const [first, second] = lines(2)
    const latin1 = Buffer.from('{"id":"2601.00009","title":"Über die Schönheit","authors":["José García"]}', 'latin1')
    writeFileSync(
      file,
      Buffer.concat([
        Buffer.from(`${first}\n{"title":"${'x'.repeat(50_000_000)}"}\n${second}\n`),
        latin1,
        Buffer.from('\n'),
      ]),
    )
    const { total, stderr } = await importFiles([file], environment(folder, noStarter))
    assert.ok(total.added >= 2 && total.bad >= 1, JSON.stringify(total))
    assert.match(stderr, /odd\.jsonl:2: skipped/)
  })

  test('what cannot be read at all is told at once, with what to do, and nothing is written', async (t) => {
    const folder = temporaryFolder(t)
    const missing = await runProgram(['import', join(folder, 'no-such-file')], environment(join(folder, 'data')))
    assert.equal(missing.code, 1)
    assert.match(missing.stderr, /There is no file/)
    assert.equal((await runProgram(['import', '--as', 'word', '-'], environment(folder))).code, 2)
    assert.equal((await runProgram(['import'], environment(folder))).code, 2)
    assert.equal((await runProgram(['serv'], environment(folder))).code, 2)
  })

  test('a file that cannot be read at all does not keep the others from being imported', async (t) => {
    const folder = temporaryFolder(t)
    const good = join(folder, 'papers.jsonl')
    const bad = join(folder, 'bad.dat')
    writeFileSync(good, lines(3).join('\n'))
    writeFileSync(bad, Buffer.from([0, 1, 2, 3, 255, 254, 7, 9, 200]))
    const { code, total, stderr } = await importFiles([bad, good], environment(folder, noStarter))
    assert.deepEqual([code, total.added], [1, 3])
    assert.match(stderr, /bad\.dat/)
  })

  test('papers come from standard input, and a pasted listing of the starter adds nothing but abstracts', async (t) => {
    const folder = temporaryFolder(t)
    const starter = readFileSync(packageFile('data/starter.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { title: string })
    const pasted = starter
      .map(
        ({ title }, n) => `${title}\n\nThe abstract of paper ${n}, as somebody pasted it from a page.\nIt goes on.\n\n`,
      )
      .join('')
    const env = environment(folder)
    const { code, stdout, stderr } = await runProgram(
      ['import', '--json', '--as', 'listing', '-'],
      env,
      Buffer.from(pasted),
    )
    assert.equal(code, 0, stderr)
    const [summary] = JSON.parse(stdout) as Summary[]
    assert.deepEqual([summary?.added, summary?.updated], [0, 75])
  })

  test('killed with -9 at any moment and run again, it ends as if it had run once', async (t) => {
    const folder = temporaryFolder(t)
    const file = join(folder, 'papers.jsonl')
    const dated = lines(3_000).map((line, n) =>
      JSON.stringify({
        ...JSON.parse(line),
        date: `2025-0${(n % 9) + 1}-03`,
        upvotes: n % 50,
        observed_at: '2026-01-01T00:00:00Z',
      }),
    )
    writeFileSync(file, dated.join('\n'))
    const reference = environment(join(folder, 'once'), noStarter)
    assert.equal((await importFiles([file], reference, '--as', 'dated-list')).code, 0)
    const killed = environment(join(folder, 'killed'), noStarter)
    for (let kill = 0; kill < 6; kill++) {
      const child = spawn(process.execPath, [packageFile('dist/main.js'), 'import', '--as', 'dated-list', file], {
        env: killed,
        stdio: 'ignore',
      })
      const timer = setTimeout(() => child.kill('SIGKILL'), 250 + kill * 110)
      await once(child, 'exit')
      clearTimeout(timer)
    }
    assert.equal((await importFiles([file], killed, '--as', 'dated-list')).code, 0)
    assert.deepEqual(await contents(join(folder, 'killed')), await contents(join(folder, 'once')))
  })

  test('two programs do not share a data folder unknowingly, but may knowingly', async (t) => {
    const folder = temporaryFolder(t)
    const file = join(folder, 'papers.jsonl')
    writeFileSync(file, lines(3).join('\n'))
    const env = environment(folder, noStarter)
    const stdin = spawn(process.execPath, [packageFile('dist/main.js'), 'import', '-'], {
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    t.after(() => stdin.kill('SIGKILL'))
    for (let tries = 0; tries < 100; tries++) {
      try {
        readFileSync(join(folder, 'lock.json'))
        break
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50)) // not there yet
      }
    }
    const refused = await runProgram(['import', file], env)
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /in use by "paperround (serve|import)"/)
    const knowing = await importFiles([file], env, '--alongside')
    assert.deepEqual([knowing.code, knowing.total.added], [0, 3])
  })
})

describe('paperround import of real files, twice', () => {
  const realFiles = [
    'data/seed-papers.jsonl',
    'data/hf-daily-to-2025.jsonl.gz',
    'samples/hf/REAL_api_daily_papers_2026-05-08_3items.json',
    'samples/hf/REAL_api_daily_papers_item_2602.23229_2026-03.json',
    'samples/hf/REAL_api_papers_search_q=kazakh_2025-05.json',
  ]

  for (const database of ['SQLite', 'PostgreSQL'] as const) {
    test(`the seed list, the dated list and the answers of the API, into ${database}`, {
      skip: withoutShared(realFiles[0] as string),
    }, async (t) => {
      const url = database === 'PostgreSQL' ? await withPostgresDatabase(t) : ''
      if (url === undefined) return
      const env = environment(temporaryFolder(t), url ? { DATABASE_URL: url } : {})
      const first = await importFiles(realFiles.map(sharedFile), env)
      assert.equal(first.code, 0, first.stderr)
      assert.equal(first.total.bad, 0)
      assert.ok(first.total.updated >= 75, 'the abstracts of the starter arrive')
      const again = await importFiles(realFiles.map(sharedFile), env)
      assert.deepEqual([again.code, again.total.added, again.total.updated, again.total.listed], [0, 0, 0, 0])
    })
  }

  test('200,000 papers of arXiv: every one stored', { skip: withoutShared('data/arxiv-200k.jsonl.gz') }, async (t) => {
    const folder = temporaryFolder(t)
    const { code, total, stderr } = await importFiles(
      [sharedFile('data/arxiv-200k.jsonl.gz')],
      environment(folder, noStarter),
    )
    assert.equal(code, 0, stderr)
    assert.equal(total.read, 200_000)
    t.diagnostic(JSON.stringify(total))
    const db = openSqlite(join(folder, 'paperround.sqlite'))
    const { count } = await db
      .selectFrom('paper')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    await db.destroy()
    assert.equal(count, total.added)
    assert.equal(total.added + total.unchanged + total.updated, 200_000)
  })
})

/** Everything stored, in an order that does not depend on numbers given along the way. */
async function contents(folder: string): Promise<unknown> {
  const db = openSqlite(join(folder, 'paperround.sqlite'))
  try {
    const papers = await db
      .selectFrom('paper')
      .select(['base_id', 'title', 'abstract', 'byline', 'categories'])
      .orderBy('base_id')
      .execute()
    const authors = await db
      .selectFrom('paper_author')
      .innerJoin('paper', 'paper.id', 'paper_author.paper_id')
      .select(['base_id', 'paper_author.author_key', 'paper_author.sort_on'])
      .orderBy('base_id')
      .orderBy('paper_author.author_key')
      .execute()
    const entries = await db
      .selectFrom('edition_entry')
      .innerJoin('paper', 'paper.id', 'edition_entry.paper_id')
      .innerJoin('standing', 'standing.paper_id', 'paper.id')
      .select([
        'base_id',
        'edition_entry.day',
        'edition_entry.placement',
        'standing.placement as standing_placement',
        'hotness',
      ])
      .orderBy('base_id')
      .execute()
    return JSON.parse(JSON.stringify({ papers, authors, entries }))
  } finally {
    await db.destroy()
  }
}
