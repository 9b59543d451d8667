import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fc } from '../../tests/property.ts'
import { bestSentences } from './best-sentence.ts'
import { createMarker } from './mark-words.ts'
import { splitSentences } from './split-sentences.ts'

describe('sentences of an abstract', () => {
  for (const [what, text, expected] of [
    [
      'full stops, questions and exclamations',
      'A room. Is it small? Yes! It is.',
      ['A room.', 'Is it small?', 'Yes!', 'It is.'],
    ],
    [
      'abbreviations end nothing',
      'Rooms, e.g. Kitchens, cf. Smith et al. (2020), see Fig. 3 and Eq. 2, hold. J. Smith agrees.',
      ['Rooms, e.g. Kitchens, cf. Smith et al. (2020), see Fig. 3 and Eq. 2, hold.', 'J. Smith agrees.'],
    ],
    [
      'numbers and versions',
      'GPT-3.5 gains 1.5 points. 3D rooms gain 2.',
      ['GPT-3.5 gains 1.5 points.', '3D rooms gain 2.'],
    ],
    ['maths is never cut', 'Let $x. Y$ hold. $\\ell_2$ follows.', ['Let $x. Y$ hold.', '$\\ell_2$ follows.']],
    ['quotes and brackets', 'He said "no." (Nobody heard.) We did.', ['He said "no."', '(Nobody heard.)', 'We did.']],
    ['paragraphs, and lines within one', 'One\nline\n\nTwo', ['One line', 'Two']],
    ['nothing', '', []],
  ] as const)
    test(what, () => assert.deepEqual(splitSentences(text), expected))

  test('nothing is lost or made up, whatever the text', () => {
    const piece = fc.constantFrom('A word', 'e.g.', '. ', '? ', '$x. Y$', '\n\n', '$', 'J. ', '1.5', '! (')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join(' ')
        assert.equal(splitSentences(text).join(' ').replace(/\s+/g, ''), text.replace(/\s+/g, ''))
      }),
    )
  })
})

describe('the sentence that answers', () => {
  const texts = [
    'Walls come first. The echo decays in curtained rooms. We thank the carpenter.',
    'One sentence only.',
    '',
  ]
  /** Meaning says the last sentence; a shared word says the second. */
  const index = { closeness: async (_: string, passages: readonly string[]) => passages.map((_, n) => n / 20) }

  test('is the nearest by meaning, with a bonus for the words of the question', async () => {
    assert.deepEqual(await bestSentences(index, 'gratitude', [], texts), [
      'We thank the carpenter.',
      'One sentence only.',
      undefined,
    ])
    assert.equal(
      (await bestSentences(index, 'echoes of rooms', ['echoes', 'rooms'], texts))[0],
      'The echo decays in curtained rooms.',
    )
  })

  test('knows a word in another spelling', async () => {
    const farther = 'This is what meaning says.'
    for (const [word, sentence] of [
      ['Godel', 'We number them as Gödel did.'],
      ['gödel', 'We number them as Godel did.'],
      ['l_2', 'Bounds in $L^2$ follow.'],
      ['3D', 'We build 3-D models.'],
    ] as const) {
      const [best] = await bestSentences(index, word, [word], [`${sentence} ${farther}`])
      assert.equal(best, sentence, word)
    }
  })
})

describe('marking words', () => {
  const marked = (text: string, ...words: string[]) =>
    createMarker(words)(text).map(([start, end]) => text.slice(start, end))

  test('every form of a word that the index takes for the same', () => {
    assert.deepEqual(marked('Deep Networks and a network', 'networks'), ['Networks', 'network'])
    assert.deepEqual(marked('Müller and MULLER', 'müller'), ['Müller', 'MULLER'])
    assert.deepEqual(marked('nothing here', 'networks'), [])
  })

  test('a compound where its parts stand together, however it is written, and no part of it alone', () => {
    assert.deepEqual(marked('GPT-4V beats GPT-4o, GPT 4V and gpt4v', 'GPT-4V'), ['GPT-4V', 'GPT 4V', 'gpt4v'])
    assert.deepEqual(marked('in l_2, L^{2}, L2 and 2 dimensions', 'l_2'), ['l_2', 'L^{2', 'L2'])
    assert.deepEqual(marked('3D and 3-D', '3D'), ['3D', '3-D'])
    assert.deepEqual(marked('non-IID, IID, non-empty', 'non-IID'), ['non-IID'])
    assert.deepEqual(marked('GPT-4V-like', 'gpt', '4v'), ['GPT', '4V'])
  })

  test('beginnings, and never one mark within another', () => {
    assert.deepEqual(createMarker([], ['trans'])('A transformer translates'), [
      [2, 13],
      [14, 24],
    ])
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.string({ maxLength: 4 })), (text, words) => {
        let from = 0
        for (const [start, end] of createMarker(words)(text)) {
          assert.ok(start >= from && end > start && end <= text.length)
          from = end
        }
      }),
    )
  })
})
