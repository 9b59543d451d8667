import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import { type EngineDocument, engineFields } from '../document.ts'
import { buildSegment, mergeSegments, openSegment } from '../segments/build-segment.ts'
import { emptyForwardText } from '../segments/forward-text.ts'
import { type Segment, withGone } from '../segments/snapshot.ts'
import type { TextPart } from '../segments/text-part.ts'
import { listsOf } from './field-lists.ts'
import { heldIn } from './held-in.ts'

// Words that are names, tags and parts of a compound too: a term may stand in any field, or in all of them.
const vocabulary = ['net', 'li', 'cs.lg', 'gpt-4v', 'gpt4v', 'wave', 'smith', '2401.00001']
const text = (most: number) =>
  fc.array(fc.constantFrom(...vocabulary), { maxLength: most }).map((list) => list.join(' '))
const row = fc.record({
  title: text(3),
  abstract: text(6),
  authors: fc.array(text(2), { maxLength: 2 }),
  categories: fc.subarray(['cs.LG', 'net', 'li']),
  identifiers: fc.subarray(['2401.00001', 'wave']),
})

function segmentOf(rows: readonly Omit<EngineDocument, 'id' | 'day' | 'hasCode' | 'isWithdrawn'>[], from = 1): Segment {
  return openSegment(
    buildSegment(
      rows.map((one, n) => ({ ...one, id: from + n, day: 0, hasCode: false, isWithdrawn: false })),
      {},
    ),
  )
}

/** Every field and every list of terms finds the documents that reading all words finds. */
function checkFields(part: TextPart, chosen: readonly number[], allowed: Uint8Array | undefined): void {
  const forward = emptyForwardText()
  const lists = [...chosen.map((term) => [term % part.termCount]), [...Array(part.termCount).keys()], []]
  for (const field of engineFields)
    for (const terms of lists) {
      const found = [...heldIn(part, terms, field, allowed)].filter((document) => !allowed || allowed[document])
      const slow = [...Array(part.count).keys()].filter((document) => {
        part.readForward(document, forward)
        return [listsOf[field], listsOf[field] + 1].some((list) =>
          forward.lists[list]!.subarray(0, forward.counts[list]).some((word) => terms.includes(word - 1)),
        )
      })
      assert.deepEqual(
        found,
        slow.filter((document) => !allowed || allowed[document]),
        `${field} ${terms}`,
      )
    }
}

test('the documents that hold terms in a field are those whose words in it say so, also once parts were merged', () => {
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 2, maxLength: 20 }),
      fc.array(fc.nat(100), { maxLength: 4 }),
      fc.infiniteStream(fc.boolean()),
      fc.boolean(),
      (rows, chosen, flags, isMerged) => {
        const half = rows.length >> 1
        let segment = segmentOf(rows)
        if (isMerged) {
          const dead = Uint8Array.from({ length: half }, (_, n) => (n === 0 ? 1 : 0))
          const first = withGone(segmentOf(rows.slice(0, half)), dead)
          segment = openSegment(mergeSegments([first, segmentOf(rows.slice(half), half + 1)], {})!)
        }
        const allowed = Uint8Array.from({ length: segment.text.count }, () => (flags.next().value ? 1 : 0))
        if (segment.text.termCount === 0) return
        checkFields(segment.text, chosen, undefined)
        checkFields(segment.text, chosen, allowed)
      },
    ),
    { numRuns: 200 },
  )
})
