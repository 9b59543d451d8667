import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PaperId } from '../papers/index.ts'
import { openEngineIndex } from './adapters/engine-index.ts'
import type { SearchDocument } from './port.ts'
import { isRest, searchByRelevance } from './search-by-relevance.ts'

const document = (n: number): SearchDocument => ({
  id: n as PaperId,
  title: n % 3 === 0 ? `Graphs, part ${n}` : `Trees, part ${n}`,
  abstract: n % 3 === 1 ? 'About graphs and more.' : 'About roots.',
  authors: [],
  categories: [],
  identifiers: [],
  day: (n * 7) % 1_000,
  hasCode: false,
  isWithdrawn: false,
})

test('P50: pages by relevance go on to the last paper that holds the words, and none comes twice', async () => {
  const documents = Array.from({ length: 900 }, (_, n) => document(n + 1))
  const index = await openEngineIndex({ threads: 1 })
  await index.put(documents, 1)
  const holders = documents.filter(({ id }) => id % 3 !== 2)
  const found: { id: PaperId; isRest: boolean }[] = []
  let after: string | undefined
  let total = 0
  for (let pages = 0; pages < 40; pages++) {
    const page = await searchByRelevance(index, {
      text: 'graphs',
      limit: 37,
      places: true,
      facets: after === undefined,
      ...(after ? { after } : {}),
    })
    total ||= page.total ?? 0
    found.push(...page.hits.map(({ id, place }) => ({ id, isRest: isRest(place) })))
    after = page.next
    if (!after) break
  }
  await index.close()
  assert.equal(total, holders.length)
  assert.deepEqual(new Set(found.map(({ id }) => id)), new Set(holders.map(({ id }) => id)))
  assert.equal(found.length, holders.length)
  const rest = found.slice(found.findIndex((one) => one.isRest))
  assert.ok(rest.length > 100 && rest.length < found.length && rest.every((one) => one.isRest))
  const days = rest.map(({ id }) => document(id).day)
  assert.deepEqual(
    days,
    [...days].sort((a, b) => b - a),
  )
})
