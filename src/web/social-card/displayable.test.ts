import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import { displayable } from './displayable.ts'

const latin = (character: string) => /[\u0020-\u024f²ℝ…]/.test(character)
const shown = (text: string) => displayable(text, latin, 400)

test('a text that the typefaces have stays as it is', () => {
  assert.equal(
    shown('Sobolev maps to ℝ², revisited: 100% “naïve”'.replace(/[“”]/g, '"')),
    'Sobolev maps to ℝ², revisited: 100% "naïve"',
  )
})

test('line breaks, control characters and direction marks become one line of plain text', () => {
  assert.equal(shown(' a\n\n\tb\u0000\u0007c \u202Ed\u200B\u00ADe '), 'a bc de')
})

test('letters of mathematics, ligatures and wide forms become plain letters', () => {
  assert.equal(shown('𝔸 𝒪(𝑛) ﬁne Ｗｉｄｅ'), 'A O(n) fine Wide')
})

test('signs without a glyph get a stand-in, or are left out', () => {
  assert.equal(shown('X→Y in L∞ 🚀 done'), 'X->Y in Linfinity done')
})

test('a letter with an unknown mark loses the mark, and heaps of marks are no writing', () => {
  assert.equal(shown('ḝx'), 'ex')
  assert.equal(shown(`q${'\u0301'.repeat(50)}`), 'q')
})

test('a title of other scripts says nothing rather than its punctuation', () => {
  assert.equal(shown('深度学习（综述）, 第一'), '')
  assert.equal(shown('深度 Learning'), 'Learning')
  assert.equal(shown('?!'), '?!')
})

test('half of a surrogate pair is left out', () => {
  assert.equal(shown('a\ud800b'), 'ab')
})

test('whatever comes, only characters with a glyph remain, within the limit', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const line = displayable(text, latin, 50)
      assert.ok([...line].every(latin))
      assert.equal(line, line.trim())
    }),
  )
})
