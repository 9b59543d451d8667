import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import { type CardAsset, cardAssets } from './assets.ts'
import { layOutWords, measures } from './card-layout.ts'
import { type CardSize, cardSizes } from './card-picture.ts'
import { createTypeface } from './typeface.ts'

const { resolve } = createRequire(import.meta.url)
const font = (name: CardAsset) => readFileSync(resolve(cardAssets[name]))
const standIn = font('noto-serif-400.ttf')
const faces = {
  title: createTypeface([font('newsreader-600.ttf'), standIn]),
  text: createTypeface([font('newsreader-500.ttf'), standIn]),
}
const plain = { authors: ['Ada'], kicker: 'cs.LG', site: 'Papers', tint: 'cs.LG' }

test('the typefaces know their letters and widths', () => {
  for (const letter of 'Aéßα²ℝЖ…–ℓ') assert.ok(faces.title.has(letter), letter)
  for (const letter of '中ع🚀\u0001') assert.ok(!faces.title.has(letter), letter)
  assert.ok(faces.title.width('W', 100) > faces.title.width('i', 100) * 2)
  assert.equal(faces.title.width('ab', 100), faces.title.width('a', 100) + faces.title.width('b', 100))
})

test('a long title is readable in a list that is 200 pixels wide: its letters are 11 pixels there', () => {
  const { title } = layOutWords({ ...plain, title: 'Learning to reason about everything '.repeat(9) }, 'list', faces)
  assert.ok(title && (title.size * 200) / 480 >= 11)
  assert.equal(title.lines.length, 5)
  assert.match(title.lines.at(-1) ?? '', /…$/)
})

test('a title of which nothing can be drawn is undefined', () => {
  assert.equal(layOutWords({ ...plain, title: '深度学习' }, 'share', faces).title, undefined)
  assert.equal(layOutWords({ ...plain, title: '' }, 'share', faces).title, undefined)
})

const real = join(import.meta.dirname, '../../../../shared/data/seed-papers.jsonl')
const skip = !existsSync(real) && !process.env.CI && `${real} is not there`

test('real titles fit without being cut, in both sizes', { skip }, () => {
  for (const line of readFileSync(real, 'utf8').trim().split('\n')) {
    const { title } = JSON.parse(line) as { title: string }
    for (const size of ['list', 'share'] as const) {
      const fitted = layOutWords({ ...plain, title }, size, faces).title
      assert.ok(fitted && !fitted.lines.join('').includes('…'), title)
    }
  }
})

test('whatever the words are, everything on a card has a glyph and stays inside', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 500 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.stringMatching(/^[\w ,.:;/-]{0,300}$/),
  )
  const picture = fc.record({
    title: text,
    authors: fc.array(text, { maxLength: 30 }),
    kicker: text,
    site: text,
    tint: text,
  })
  fc.assert(
    fc.property(picture, fc.constantFrom<CardSize>('list', 'share'), (words, size) => {
      const { margin, small, authors } = measures[size]
      const inside = cardSizes[size].width - 2 * margin + 0.01
      const card = layOutWords(words, size, faces)
      for (const line of card.title?.lines ?? []) {
        assert.ok([...line].every(faces.title.has))
        assert.ok(faces.title.width(line, card.title?.size ?? 0) <= inside)
      }
      for (const line of [card.authors, card.kicker, card.site]) assert.ok([...line].every(faces.text.has))
      assert.ok(faces.text.width(card.authors, authors) <= inside)
      assert.ok(faces.text.width(card.kicker + card.site, small) <= inside)
    }),
    { numRuns: 150 },
  )
})
