import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createMemo } from './create-memo.ts'

function counting(limit: number) {
  const asked: string[] = []
  const memo = createMemo(limit, (text) => {
    asked.push(text)
    return text.toUpperCase()
  })
  return { asked, memo }
}

test('a text is worked out once', () => {
  const { asked, memo } = counting(100)
  assert.equal(memo('ada'), 'ADA')
  assert.equal(memo('ada'), 'ADA')
  assert.deepEqual(asked, ['ada'])
})

test('the longest unused goes first when the characters are too many', () => {
  const { asked, memo } = counting(64)
  const [a, b, c] = ['aaaa', 'bbbb', 'cccc']
  for (const text of [a, b, c, 'dddd', 'eeee', 'ffff', 'gggg', 'hhhh', a, 'iiii']) memo(text)
  asked.length = 0
  memo(a)
  memo(c)
  memo(b)
  assert.deepEqual(asked, [b])
})

test('a text too long for its share is answered but not kept', () => {
  const { asked, memo } = counting(80)
  const giant = 'x'.repeat(10)
  memo('ada')
  memo(giant)
  memo(giant)
  memo('ada')
  assert.deepEqual(asked, ['ada', giant, giant])
})

test('a text cut out of a large one does not keep the large one: a harvest once grew by every page it read', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const held = () => {
    collect()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  const memo = createMemo(1_000_000, (text) => text)
  const before = held()
  for (let page = 0; page < 60; page++) {
    const large = Buffer.alloc(1_000_000, `page ${page} `).toString('latin1')
    memo(large.slice(1_000, 1_100))
  }
  assert.ok(held() - before < 20_000_000, `${held() - before} bytes are held`)
})
