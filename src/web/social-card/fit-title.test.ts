import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import { ellipsize, fitTitle, type TitleSpace } from './fit-title.ts'
import type { Typeface } from './typeface.ts'

/** Every letter is half as wide as high. */
const face: Typeface = { has: () => true, width: (text, size) => ([...text].length * size) / 2 }
const space: TitleSpace = { width: 100, height: 60, sizes: [20, 10], lineHeight: 1, maxLines: 5 }

test('a short title gets the largest letters', () => {
  assert.deepEqual(fitTitle('0', face, space), { size: 20, lines: ['0'] })
})

test('lines are of like length rather than full', () => {
  assert.deepEqual(fitTitle('aaaa bb cccc', face, space).lines, ['aaaa bb', 'cccc'])
  assert.deepEqual(fitTitle('aaaa bbbb cccc dd', face, space).lines, ['aaaa bbbb', 'cccc dd'])
})

test('smaller letters come before a broken word', () => {
  assert.deepEqual(fitTitle('Generalization', face, space), { size: 10, lines: ['Generalization'] })
})

test('a word longer than a line is broken after a hyphen, else anywhere', () => {
  assert.deepEqual(fitTitle('state-of-the-art-performance', face, space).lines, ['state-of-the-art-', 'performance'])
  assert.deepEqual(fitTitle('x'.repeat(30), face, space).lines, ['x'.repeat(20), 'x'.repeat(10)])
})

test('what does not fit in the smallest letters ends in an ellipsis, after a whole word', () => {
  const { size, lines } = fitTitle('several words '.repeat(20).trim(), face, space)
  assert.equal(size, 10)
  assert.equal(lines.length, 5)
  assert.equal(lines.at(-1), 'several words…')
})

test('no line is wider than the space, no title has more lines than there is room, and no word gets lost', () => {
  const title = fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 }), {
    minLength: 1,
    maxLength: 30,
  })
  fc.assert(
    fc.property(title, (parts) => {
      const text = parts.join(' ').replace(/\s+/g, ' ').trim()
      const { size, lines } = fitTitle(text, face, space)
      for (const line of lines) assert.ok(face.width(line, size) <= space.width, line)
      assert.ok(lines.length <= Math.min(5, Math.floor(60 / size)))
      const joined = lines.join('').replaceAll(' ', '')
      if (!joined.endsWith('…')) assert.equal(joined, text.replaceAll(' ', ''))
    }),
  )
})

test('an ellipsis stands for what is cut only', () => {
  const fits = (text: string) => text.length <= 10
  assert.equal(ellipsize('ten letter', fits), 'ten letter')
  assert.equal(ellipsize('eleven lett', fits), 'eleven…')
  assert.equal(ellipsize('x'.repeat(20), fits), `${'x'.repeat(9)}…`)
})
