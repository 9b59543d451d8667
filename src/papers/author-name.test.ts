import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fc } from '../../tests/property.ts'
import { familyName, isCorporateName, plainFamilyName } from './author-name.ts'

const table = `
Ada Byron                       | Byron                   | Ada       |
Ben van der Berg                | van der Berg            | Ben       |
Carl Chen Jr.                   | Chen                    | Carl      | Jr.
Carl Chen, Jr.                  | Chen                    | Carl      | Jr.
Bill Gates Jr                   | Gates                   | Bill      | Jr
Henry Ford III                  | Ford                    | Henry     | III
XYZ Collaboration               | XYZ Collaboration       |           |
the ABC Collaboration           | the ABC Collaboration   |           |
Kimi Team                       | Kimi Team               |           |
Team GLM                        | Team GLM                |           |
A. Person                       | Person                  | A.        |
A.B. One                        | One                     | A. B.     |
J.-P. Serre                     | Serre                   | J.-P.     |
D. Three                        | Three                   | D.        |
Aristotle                       | Aristotle               |           |
José García                     | García                  | José      |
Paul Erdős                      | Erdős                   | Paul      |
Laurens Van Der Maaten          | Van Der Maaten          | Laurens   |
Juan de la Cruz                 | de la Cruz              | Juan      |
Ana dos Santos                  | dos Santos              | Ana       |
María de los Ángeles García     | García                  | María de los Ángeles |
John von Neumann                | von Neumann             | John      |
von Neumann                     | von Neumann             |           |
Di Wang                         | Wang                    | Di        |
Quoc Le Nguyen                  | Nguyen                  | Quoc Le   |
Byron, Ada                      | Byron                   | Ada       |
Chen, Carl, Jr.                 | Chen                    | Carl      | Jr.
王小明                          | 王小明                  |           |
`

for (const row of table.trim().split('\n')) {
  const [name = '', family = '', given = '', suffix = ''] = row.split('|').map((cell) => cell.trim())
  test(`${name} is cited under ${family}`, () => {
    assert.deepEqual(familyName(name), { family, given, suffix })
  })
}

test('blanks and line breaks inside a name count as one blank', () => {
  assert.deepEqual(familyName('  Ada\n  Byron '), { family: 'Byron', given: 'Ada', suffix: '' })
})

test('people whose names resemble those of groups stay people', () => {
  for (const name of ['Ada Teamson', 'Grouper Smith', 'Ben Labov']) assert.equal(isCorporateName(name), false, name)
})

test('no letter of a name is lost, whatever the name', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom(...'aB., ', 'Jr', 'de') })),
      (name) => {
        const { family, given, suffix } = familyName(name)
        const letters = (text: string) => [...text.replace(/[\s,]/g, '')].sort().join('')
        assert.equal(letters(`${family}${given}${suffix}`), letters(name))
        if (!/^[\s,]*$/.test(name)) assert.notEqual(family, '')
      },
    ),
    { numRuns: 2000 },
  )
})

test('plain names, which take a short way, have the family name they would have on the long one', () => {
  const words = 'Ada Byron van De Le Jr III Team Lab Group LeCun Do A. J. O von'.split(' ')
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }), (name) => {
      const text = name.join(' ')
      const plain = plainFamilyName(text)
      if (!plain) return
      const { family, given } = familyName(text)
      assert.deepEqual([plain.family, plain.initial], [family, given[0]], text)
    }),
  )
  assert.ok(plainFamilyName('Yann A. LeCun'), 'and some do')
})
