// What open-embedded.test.ts kills: a program that lets a model outside embed the papers of a database.
import { openSqlite } from '../../db/index.ts'
import { openEngineIndex } from '../adapters/engine-index.ts'
import { createEmbedder, openEmbedded } from './open-embedded.ts'

const [database, folder, baseUrl] = process.argv.slice(2) as [string, string, string]
await openEmbedded({
  embedder: createEmbedder({ kind: 'openai', baseUrl, model: 'm' }, folder),
  db: openSqlite(database),
  folder: `${folder}/files`,
  open: (path, outside) => openEngineIndex({ folder: path, threads: 1, ...(outside ? { embedder: outside } : {}) }),
  grows: true,
  onNotice: () => {},
})
