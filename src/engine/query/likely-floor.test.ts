import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EngineDocument } from '../document.ts'
import { buildSegment, openSegment } from '../segments/build-segment.ts'
import { Snapshot } from '../segments/snapshot.ts'
import { Arms } from './arms.ts'
import { filterMask } from './filter-mask.ts'
import { LikelyFloor } from './likely-floor.ts'
import { queryWords } from './query-words.ts'
import { WorkAlone } from './query-work.ts'
import { rankedTerms } from './ranked-terms.ts'
import { reckless } from './test-letters.ts'

let state = 5
const random = (below: number) => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}
/** Words come and go with time. */
const text = (words: number, time: number) =>
  Array.from({ length: words }, () => `term${'abcdefgh'[(random(5) + time) % 8]}`).join(' ')
let id = 0
const document = (): EngineDocument => ({
  ...{ id: ++id, title: text(1, Math.floor(id / 900)), abstract: text(random(9), Math.floor(id / 900)) },
  ...{ authors: [], categories: id % 7 ? ['cs.LG'] : ['math.AP'], identifiers: [], day: id, hasCode: false },
  isWithdrawn: false,
})
const snapshot = new Snapshot(
  [3_000, 2_500, 30].map((size) => openSegment(buildSegment(Array.from({ length: size }, document), {}))),
)

test('a floor that is too high costs time, and changes nothing', () => {
  const never = new LikelyFloor({ leastDocuments: Number.POSITIVE_INFINITY, share: 1, stretches: 1, caution: 0 })
  const [plain, hasty] = [new Arms(never), new Arms(reckless())]
  const outcomes = { tooHigh: 0, right: 0 }
  for (let n = 0; n < 120; n++) {
    const terms = rankedTerms(queryWords(text(1 + random(4), random(8))), snapshot)
    const filter = [{}, { categories: [['math.AP']] }, { fromDay: 2_400 }, { fromDay: 5_400 }][n % 4]!
    const masks = snapshot.segments.map((one) => filterMask(one, filter))
    const found = (arms: Arms, work: WorkAlone) => {
      const { lexical } = arms.find(snapshot, { terms, dense: undefined, masks }, work)
      return { worst: lexical.threshold, hits: lexical.sorted().map((at) => [lexical.ids[at], lexical.scores[at]]) }
    }
    const work = new WorkAlone()
    const { worst, hits } = found(hasty, work)
    assert.deepEqual(hits, found(plain, new WorkAlone()).hits)
    outcomes[work.wordsFloor > worst ? 'tooHigh' : 'right']++
  }
  assert.ok(outcomes.tooHigh > 10 && outcomes.right > 10, JSON.stringify(outcomes))
})
