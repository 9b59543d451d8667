import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Db } from '../src/db/index.ts'
import { packageFile } from '../src/lib/assets.ts'
import { openEngineIndex } from '../src/search/adapters/engine-index.ts'
import { openSearch, type PaperSearch } from '../src/search/index.ts'
import { temporaryFolder } from './databases.ts'

const model = packageFile('model')

/** Search over a test's database with the real engine and the shipped model, caught up with what is stored: `await using`. */
export async function openSearchForTest(t: TestContext, db: Db): Promise<PaperSearch> {
  const search = openSearch({
    db,
    folder: join(temporaryFolder(t), 'index'),
    open: () => openEngineIndex(existsSync(join(model, 'embedding.bin')) ? { embedder: model } : {}),
    onProblem: (problem) => {
      throw problem
    },
  })
  await search.caughtUp()
  return search
}
