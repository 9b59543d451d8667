import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAuthors, uninvertName } from './read-authors.ts'

const cases: [value: unknown, authors: string[]][] = [
  [undefined, []],
  [null, []],
  [[], []],
  ['', []],
  [
    ['Ada Byron', 'Ben Berg'],
    ['Ada Byron', 'Ben Berg'],
  ],
  [['  Ada Byron ', ''], ['Ada Byron']],
  ['Ada Byron, Ben Berg', ['Ada Byron', 'Ben Berg']],
  ['Byron, Ada; van der Berg, Ben', ['Ada Byron', 'Ben van der Berg']],
  [
    ['Byron, Ada', 'Berg, Ben'],
    ['Ada Byron', 'Ben Berg'],
  ],
  [['Byron, A. B.'], ['A. B. Byron']],
  [
    [{ name: 'Ada Byron' }, { name: 'Ben Berg' }],
    ['Ada Byron', 'Ben Berg'],
  ],
  [
    [
      { first: 'Ada', last: 'Byron' },
      { given: 'Ben', family: 'Berg' },
    ],
    ['Ada Byron', 'Ben Berg'],
  ],
  [
    [{ name: 'Ada Byron', affiliations: ['Lab P', 'Lab Q'] }, 'Ben Berg'],
    ['Ada Byron @ Lab P, Lab Q', 'Ben Berg'],
  ],
  [
    [
      ['Byron', 'Ada', ''],
      ['Chen', 'Carl', 'Jr.'],
    ],
    ['Ada Byron', 'Carl Chen Jr.'],
  ],
  [
    ['Fran\\c{c}ois Golse (Lab P', 'Lab Q)', 'Alex Mahalov,\n  Basil Nicolaenko'],
    ['Fran\\c{c}ois Golse @ Lab P, Lab Q', 'Alex Mahalov', 'Basil Nicolaenko'],
  ],
  [
    ['Keith Rudd,', 'Kevin Zumbrun'],
    ['Keith Rudd', 'Kevin Zumbrun'],
  ],
  [['Alex Mahalov, Basil Nicolaenko'], ['Alex Mahalov', 'Basil Nicolaenko']],
  [
    ['Ada Byron', 'Carl Chen', 'Jr'],
    ['Ada Byron', 'Carl Chen Jr'],
  ],
  [
    ['Ada Byron', 'and Ben Berg'],
    ['Ada Byron', 'Ben Berg'],
  ],
  [
    ['Acme', ':', 'Ada Byron'],
    ['Acme', 'Ada Byron'],
  ],
  [
    ['Ada Byron', 'the ABC Team'],
    ['Ada Byron', 'ABC Team'],
  ],
]

for (const [value, authors] of cases) {
  test(`reads ${JSON.stringify(value)}`, () => {
    const found = readAuthors(value).map(({ name, affiliation }) => (affiliation ? `${name} @ ${affiliation}` : name))
    assert.deepEqual(found, authors)
  })
}

test('names are turned round with their suffix', () => {
  assert.equal(uninvertName('Chen, Jr., Carl'), 'Carl Chen Jr.')
  assert.equal(uninvertName('Chen, Carl, Jr.'), 'Carl Chen Jr.')
  assert.equal(uninvertName('Chen, Jr.'), 'Chen Jr.')
  assert.equal(uninvertName('Aristotle'), 'Aristotle')
  assert.equal(uninvertName('Aristotle,'), 'Aristotle')
})
