import { readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { packageFile } from '../src/lib/assets.ts'
import type { BenchPaper } from './search-corpus.ts'

/** How many hits a query asks for. */
export const hitsAsked = 20

/** A search engine as the bench sees it: papers go in, then questions are asked. */
export type Contestant = {
  add(papers: readonly BenchPaper[]): Promise<void> | void
  /** Whatever is to be done between the last paper and the first question. */
  finish(): Promise<void> | void
  ask(query: string): Promise<unknown> | unknown
  /** Bytes on disk; of what lives in memory only, of its saved form. */
  diskBytes(): number
  close?(): Promise<void> | void
}

export type Entry = {
  name: string
  /** Above this it is not run: the reason is told. */
  most?: [papers: number, reason: string]
  open(folder: string): Promise<Contestant>
}

/** The peers: each with the settings its makers advise, ranking papers that hold any of the words. */
export const peers: Entry[] = [
  { name: 'node:sqlite FTS5, any word', open: async (folder) => openFts5(folder) },
  { name: 'minisearch', most: [200_000, 'it keeps everything in one heap'], open: openMiniSearch },
  { name: 'orama', most: [100_000, 'it keeps everything in one heap'], open: openOrama },
  { name: 'lancedb, full text', open: openLance },
  { name: 'pglite + pg_textsearch', open: openPglite },
]

// The packages are no part of this program: bench/node_modules has them, and their types are not known here.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Loose = Record<string, any>
const benchRequire = createRequire(packageFile('bench/package.json'))
const load = async (name: string): Promise<Loose> => import(pathToFileURL(benchRequire.resolve(name)).href)

const wordsOf = (query: string) => query.match(/[\p{L}\p{N}]+/gu) ?? []

export function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

function openFts5(folder: string): Contestant {
  const db = new DatabaseSync(join(folder, 'fts.sqlite'))
  db.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -200000')
  db.exec("create virtual table paper using fts5 (title, abstract, tokenize = 'porter unicode61')")
  const insert = db.prepare('insert into paper (rowid, title, abstract) values (?, ?, ?)')
  const select = db.prepare(`select rowid from paper where paper match ? order by bm25(paper, 2, 1) limit ${hitsAsked}`)
  return {
    add(papers) {
      db.exec('begin')
      for (const { id, title, abstract } of papers) insert.run(id, title, abstract)
      db.exec('commit')
    },
    finish: () => db.exec("insert into paper (paper) values ('optimize'); pragma wal_checkpoint(truncate)"),
    ask: (query) =>
      select.all(
        wordsOf(query)
          .map((word) => `"${word}"`)
          .join(' OR '),
      ),
    diskBytes: () => bytesIn(folder),
    close: () => db.close(),
  }
}

async function openMiniSearch(): Promise<Contestant> {
  const { default: MiniSearch } = await load('minisearch')
  const index = new MiniSearch({ fields: ['title', 'abstract'], searchOptions: { boost: { title: 2 } } })
  return {
    add: (papers) => index.addAll(papers.map(({ id, title, abstract }) => ({ id, title, abstract }))),
    finish() {},
    ask: (query) => index.search(query).slice(0, hitsAsked),
    diskBytes: () => Buffer.byteLength(JSON.stringify(index)),
  }
}

async function openOrama(): Promise<Contestant> {
  const orama = await load('@orama/orama')
  const db = orama.create({ schema: { title: 'string', abstract: 'string' } })
  return {
    async add(papers) {
      await orama.insertMultiple(
        db,
        papers.map(({ id, title, abstract }) => ({ id: String(id), title, abstract })),
        papers.length,
      )
    },
    finish() {},
    ask: (query) => orama.search(db, { term: query, limit: hitsAsked, boost: { title: 2 } }),
    diskBytes: () => Buffer.byteLength(JSON.stringify(orama.save(db))),
  }
}

async function openLance(folder: string): Promise<Contestant> {
  const lance = await load('@lancedb/lancedb')
  const db = await lance.connect(folder)
  let table: Loose | undefined
  return {
    async add(papers) {
      const rows = papers.map(({ id, title, abstract }) => ({ id, text: `${title} ${title} ${abstract}` }))
      if (table) await table.add(rows)
      else table = await db.createTable('paper', rows)
    },
    async finish() {
      await table?.createIndex('text', {
        config: lance.Index.fts({ stem: true, removeStopWords: true, withPosition: false }),
      })
      await table?.optimize()
    },
    ask: (query) => table?.search(query, 'fts', 'text').select(['id', '_score']).limit(hitsAsked).toArray(),
    diskBytes: () => bytesIn(folder),
    close: () => db.close(),
  }
}

async function openPglite(folder: string): Promise<Contestant> {
  const [{ PGlite }, { pg_textsearch }] = [
    await load('@electric-sql/pglite'),
    await load('@electric-sql/pglite-pg_textsearch'),
  ]
  const db = await PGlite.create(join(folder, 'pglite'), { extensions: { pg_textsearch } })
  await db.exec(
    'create extension if not exists pg_textsearch; create table paper (id int primary key, text text not null)',
  )
  return {
    async add(papers) {
      for (let start = 0; start < papers.length; start += 500) {
        const some = papers.slice(start, start + 500)
        const values = some.map((_, n) => `($${2 * n + 1}, $${2 * n + 2})`).join(',')
        // PostgreSQL takes no zero bytes.
        await db.query(
          `insert into paper values ${values}`,
          some.flatMap(({ id, title, abstract }) => [id, `${title} ${title} ${abstract}`.replaceAll('\0', '')]),
        )
      }
    },
    async finish() {
      await db.exec("create index paper_text on paper using bm25 (text) with (text_config = 'english'); analyze paper")
    },
    ask: (query) =>
      db.query(`select id from paper order by text <@> to_bm25query($1, 'paper_text') limit ${hitsAsked}`, [query]),
    diskBytes: () => bytesIn(folder),
    close: () => db.close(),
  }
}
