import assert from 'node:assert/strict'
import { test } from 'node:test'
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
