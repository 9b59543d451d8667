import assert from 'node:assert/strict'
import { test } from 'node:test'
import { qualityOf, quantile } from './relevance.ts'

test('the measures of a ranking, worked out by hand', () => {
  const one = qualityOf(['b', 'a'], new Map([['a', 1]]))
  assert.deepEqual({ ...one, ndcg10: Math.round(one.ndcg10 * 1000) }, { ndcg10: 631, recall100: 1, mrr10: 0.5 })
  const graded = qualityOf(
    ['x', 'y'],
    new Map([
      ['y', 2],
      ['x', 1],
      ['z', 0],
    ]),
  )
  assert.ok(Math.abs(graded.ndcg10 - (1 + 3 / Math.log2(3)) / (3 + 1 / Math.log2(3))) < 1e-12)
  assert.deepEqual(qualityOf([], new Map([['a', 1]])), { ndcg10: 0, recall100: 0, mrr10: 0 })
  const deep = [...Array.from({ length: 100 }, (_, n) => String(n)), 'a']
  assert.equal(qualityOf(deep, new Map([['a', 1]])).recall100, 0, 'the 101st is too late')
})

test('quantiles are by the nearest rank', () => {
  assert.equal(quantile([3, 1, 2, 4], 0.5), 2)
  assert.equal(quantile([3, 1, 2, 4], 0.95), 4)
  assert.equal(quantile([], 0.5), 0)
})
