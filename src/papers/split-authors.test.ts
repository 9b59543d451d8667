import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import { test } from 'node:test'
import { fc } from '../../tests/property.ts'
import { splitAuthors } from './split-authors.ts'

const names = (raw: string) =>
  splitAuthors(raw).map(({ name, affiliation }) => (affiliation ? `${name} @ ${affiliation}` : name))

const table: [raw: string, authors: string[]][] = [
  ['Ada Byron, Ben van der Berg and Carl Chen Jr.', ['Ada Byron', 'Ben van der Berg', 'Carl Chen Jr.']],
  ['XYZ Collaboration: A. Person, B. Other', ['XYZ Collaboration', 'A. Person', 'B. Other']],
  [
    'A.B. One, C. Two (1), D. Three (1 and 2) ((1) Lab P, (2) Lab Q)',
    ['A.B. One @ Lab P', 'C. Two @ Lab P', 'D. Three @ Lab P, Lab Q'],
  ],
  ['Aristotle', ['Aristotle']],
  ["Jos\\'e Garc\\'ia, Paul Erd\\H{o}s", ["Jos\\'e Garc\\'ia", 'Paul Erd\\H{o}s']],
  ['', []],
  [' , and ,', []],
  ['Ada Byron,\n  Ben Berg', ['Ada Byron', 'Ben Berg']],
  ['Ada Byron,, Ben Berg,', ['Ada Byron', 'Ben Berg']],
  ['Ada Byron, Ben Berg, and Carl Chen', ['Ada Byron', 'Ben Berg', 'Carl Chen']],
  ['Ada Byron & Ben Berg', ['Ada Byron', 'Ben Berg']],
  ['Ada Byron and, Ben Berg', ['Ada Byron', 'Ben Berg']],
  ['Andrea Sand, Ferdinand Randers', ['Andrea Sand', 'Ferdinand Randers']],
  ['Ada Byron, Jr., Ben Berg, III', ['Ada Byron Jr.', 'Ben Berg III']],
  ['Ada Byron et al.', ['Ada Byron']],
  ['Ada Byron, Ben Berg, et al', ['Ada Byron', 'Ben Berg']],
  ['Ada Byron, Ben Berg, for the ABC Collaboration', ['Ada Byron', 'Ben Berg', 'ABC Collaboration']],
  ['Ada Byron, Ben Berg (the ABC Collaboration)', ['Ada Byron', 'Ben Berg', 'ABC Collaboration']],
  ['ABC Team, Ada Byron (Lab P)', ['ABC Team', 'Ada Byron @ Lab P']],
  ['Acme : Ada Byron, Ben Berg', ['Acme', 'Ada Byron', 'Ben Berg']],
  ['Ada Byron (Lab P) Ben Berg (Lab Q)', ['Ada Byron @ Lab P', 'Ben Berg @ Lab Q']],
  ['Ada Byron (Lab P, Town), Ben Berg', ['Ada Byron @ Lab P, Town', 'Ben Berg']],
  ['Ada Byron (Lab (East), Town)', ['Ada Byron @ Lab (East), Town']],
  ['Ada Byron (Lab P, Town', ['Ada Byron @ Lab P, Town']],
  ['Ada Byron), Ben Berg', ['Ada Byron', 'Ben Berg']],
  [
    'Ada Byron (1,2), Ben Berg (1 & 2), ((1) P, East; (2) Q (West))',
    ['Ada Byron @ P, East, Q (West)', 'Ben Berg @ P, East, Q (West)'],
  ],
  ['Ada Byron (1), Ben Berg (2), (1) Lab P, Town, (2) Lab Q', ['Ada Byron @ Lab P, Town', 'Ben Berg @ Lab Q']],
  ['Ada Byron (1), Ben Berg (2)', ['Ada Byron', 'Ben Berg']],
  ['Ada Byron (a), Ben Berg (b) ((a) Lab P, (b) Lab Q)', ['Ada Byron @ Lab P', 'Ben Berg @ Lab Q']],
  ['Rex (Zhitao) Ying, Ada Byron', ['Rex (Zhitao) Ying', 'Ada Byron']],
  ['{\\L}ukasz P{\\l}och (A\\&M), {A, B and C} Group', ['{\\L}ukasz P{\\l}och @ A\\&M', '{A, B and C} Group']],
  ['__proto__, constructor', ['__proto__', 'constructor']],
]

for (const [raw, authors] of table) {
  test(`splits ${JSON.stringify(raw)}`, () => assert.deepEqual(names(raw), authors))
}

test('plain names joined by commas come back as they were', () => {
  const name = fc
    .tuple(fc.constantFrom('Ada', 'Ben', 'Chen', "Jos\\'e"), fc.constantFrom('Byron', 'van der Berg', 'Li', 'Sand'))
    .map((two) => two.join(' '))
  fc.assert(
    fc.property(fc.array(name, { maxLength: 8 }), (list) => {
      assert.deepEqual(
        splitAuthors(list.join(', ')),
        list.map((one) => ({ name: one })),
      )
    }),
  )
})

test('any text gives names without blanks around them, and never an empty one', () => {
  const piece = fc.constantFrom(
    'Ada',
    ' and ',
    '(',
    ')',
    '((1) X',
    ',',
    ':',
    '{',
    '}',
    '\\',
    'Jr',
    'et al',
    ' ',
    '1',
    '&',
    'Group',
  )
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 20 }).map((parts) => parts.join('')),
      (raw) => {
        for (const { name, affiliation } of splitAuthors(raw)) {
          assert.ok(name !== '' && name === name.trim())
          assert.notEqual(affiliation, '')
        }
      },
    ),
    { numRuns: 2_000 },
  )
})

test('hostile lists are split in linear time', () => {
  for (const piece of ['(', 'a(', ')', ' and', '((1) ', 'the ', 'a, ', '{', ' et', 'et al ', '1,', ' ']) {
    const startedAt = performance.now()
    splitAuthors(piece.repeat(100_000))
    splitAuthors(`Ada (${piece.repeat(100_000)})`)
    assert.ok(performance.now() - startedAt < 3_000, `${piece} took ${performance.now() - startedAt} ms`)
  }
})
