import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import type { EngineDocument } from '../document.ts'
import { buildSegment, mergeSegments, openSegment } from './build-segment.ts'
import { markGone, type Segment, withGone } from './snapshot.ts'

// Words that begin alike, longer than what is compared at once; stems that come after their words or are words themselves;
// letters beyond ASCII, and beyond 16 bits.
const vocabulary =
  'graph graphs graphical graphically study studies studying studied happy happier dying die dies generalization generalizations universal university universe a I 数 学 ﬁ 𝔸 𐐷abc \ud83d ελ ёлка GPT-4V gpt 4v non-IID'.split(
    ' ',
  )
const text = fc.array(fc.constantFrom(...vocabulary), { maxLength: 12 }).map((words) => words.join(' '))
const row = fc.record({
  title: text,
  abstract: text,
  author: text,
  category: fc.constantFrom('cs.LG', 'Graphs', 'math'),
})

const documentOf = (
  row: { title: string; abstract: string; author: string; category: string },
  id: number,
): EngineDocument => ({
  ...{ id, title: row.title, abstract: row.abstract, authors: [row.author, 'Ada'], categories: [row.category] },
  ...{ identifiers: [`2401.${id}`], day: id % 7, hasCode: id % 2 === 0, isWithdrawn: id % 5 === 0 },
})

const segmentOf = (documents: readonly EngineDocument[]): Segment => openSegment(buildSegment(documents, {}))

test('merged is byte for byte what building it at once makes, however the documents were dealt out', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 12 }), (rows, pieces) => {
      const documents = rows.map((one, n) => documentOf(one, n + 1))
      const dealt = Array.from({ length: pieces }, (_, n) => documents.filter(({ id }) => id % pieces === n))
      const segments = dealt.filter((some) => some.length > 0).map(segmentOf)
      const merged = mergeSegments(segments, {})!
      const built = buildSegment(documents, {})
      assert.deepEqual(Buffer.from(merged.text as Uint8Array), Buffer.from(built.text))
      assert.deepEqual(Buffer.from(merged.forward as Uint8Array), Buffer.from(built.forward as Uint8Array))
    }),
    { numRuns: 200 },
  )
})

test('terms that only removed documents hold are gone after a merge, with their words', () => {
  const segment = segmentOf([
    documentOf({ title: 'graph studies', abstract: '', author: '', category: 'math' }, 1),
    documentOf({ title: 'graph happier', abstract: '', author: '', category: 'math' }, 2),
  ])
  const merged = openSegment(mergeSegments([withGone(segment, markGone(segment, [2])!)], {})!)
  const { dictionary } = merged.text
  const words = Array.from({ length: dictionary.size }, (_, entry) => dictionary.wordAt(entry))
  assert.ok(words.includes('studies') && words.includes('studi'))
  assert.ok(!words.includes('happier') && !words.includes('happi'))
  assert.equal(merged.text.frequency(dictionary.termOf('graph')), 1)
})
