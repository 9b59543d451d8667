import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { createGunzip } from 'node:zlib'
import { sharedFile, withoutShared } from '../../../tests/shared.ts'
import { loadEmbedder, paperText } from '../embed/index.ts'
import { buildSegment, openSegment } from '../segments/build-segment.ts'
import { DenseArm, denseQuery } from './dense-arm.ts'
import { filterMask } from './filter-mask.ts'
import { TopList } from './top-list.ts'

const papersFile = 'data/arxiv-200k.jsonl.gz'
type Paper = { title: string; abstract: string }

async function firstPapers(wanted: number): Promise<Paper[]> {
  const papers: Paper[] = []
  const file = createReadStream(sharedFile(papersFile))
  for await (const line of createInterface({ input: file.pipe(createGunzip()) })) {
    papers.push(JSON.parse(line) as Paper)
    if (papers.length === wanted) break
  }
  file.destroy()
  return papers
}

test('of real papers and questions the dense arm finds nearly all that scoring every paper finds', {
  skip: withoutShared(papersFile),
}, async () => {
  const embedder = loadEmbedder(join(import.meta.dirname, '../../../model'))
  const papers = await firstPapers(18_000)
  const documents = papers.map(({ title, abstract }, n) => ({
    ...{ id: n + 1, title: '', abstract: '', authors: [], identifiers: [], categories: [] },
    ...{ day: 0, hasCode: n % 3 > 0, isWithdrawn: false, vector: embedder.embed(paperText(title, abstract)) },
  }))
  const segment = openSegment(buildSegment(documents, { model: embedder }))
  assert.ok(segment.vectors?.middles, 'a segment of this size lies in groups')
  const arm = new DenseArm()
  for (const filter of [{}, { hasCode: true }]) {
    const masks = [filterMask(segment, filter)]
    const idsOf = (direction: Float32Array, isExhaustive: boolean) => {
      const top = new TopList(100, (_, document) => segment.text.ids[document]!)
      for (const stretch of arm.beginAlone([segment], denseQuery(direction)!, masks, isExhaustive)) arm.look(stretch)
      arm.score(undefined, top)
      return top.sorted().map((at) => top.ids[at]!)
    }
    const shares = { ten: 0, hundred: 0 }
    const asked = papers.filter((_, n) => n % 180 === 7)
    for (const { title } of asked) {
      const direction = embedder.embed(title.split(' ').slice(0, 4).join(' '))
      const [all, fast] = [idsOf(direction, true), idsOf(direction, false)]
      const [first, found] = [new Set(fast.slice(0, 10)), new Set(fast)]
      shares.ten += all.slice(0, 10).filter((id) => first.has(id)).length / 10 / asked.length
      shares.hundred += all.filter((id) => found.has(id)).length / all.length / asked.length
    }
    assert.ok(shares.ten >= 0.98, `${shares.ten} of the ten nearest`)
    assert.ok(shares.hundred >= 0.95, `${shares.hundred} of the hundred nearest`)
  }
})
