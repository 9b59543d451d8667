import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import { stem } from './stem.ts'
import { termsOf } from './terms-of.ts'
import { texWord, withoutTexAccents } from './tex-commands.ts'
import { tokenize, words } from './tokenize.ts'

describe('words of a text', () => {
  const cases: [text: string, words: string[]][] = [
    ['GPT-4V in 3D', ['gpt', '4v', 'gpt4v', 'in', '3d']],
    ['$l_2$, $L^{p}$--$L^q$', ['l', '2', 'l2', 'l', 'p', 'lp', 'l', 'q', 'lq']],
    ['non-IID COVID-19', ['non', 'iid', 'noniid', 'covid', '19', 'covid19']],
    ['C++, C# and g++.', ['c++', 'c#', 'and', 'g++']],
    ['a+b, x#y, C+++', ['a', 'b', 'x', 'y', 'c++']],
    ['1,000 of 3.5, 12,34', ['1000', 'of', '3.5', '12', '34']],
    ['see 2401.00001v2.', ['see', '2401.00001']],
    ['Bayes’s, Bayes’ and O’Brien', ['bayes', 'bayes', 'and', 'o', 'brien', 'obrien']],
    ['naïve Erdős ﬁne 𝐱²', ['naive', 'erdos', 'fine', 'x2']],
    ['深度学习 и ошибки', ['深', '度', '学', '习', 'и', 'ошибки']],
    ['\\alpha-stable in \\mathbb{R}^d', ['alpha', 'stable', 'in', 'r', 'd']],
    ['state-of-the-art', ['state', 'of', 'the', 'art', 'stateoftheart']],
    ['one-two-three-four-five', ['one', 'two', 'three', 'four', 'five']],
    ['', []],
    ['- _ \' " $ \\ \ud800 \u0000', []],
  ]
  for (const [text, expected] of cases) test(JSON.stringify(text), () => assert.deepEqual(words(text), expected))

  test('TeX accents', () => {
    assert.equal(
      withoutTexAccents('Fran\\c{c}ois, G\\"odel, Erd\\H{o}s, \\L{}ukasz, \\\'Etale'),
      'Francois, Godel, Erdos, Lukasz, Etale',
    )
    assert.equal(texWord('Sigma'), 'sigma')
    assert.equal(texWord('mathbb'), undefined)
  })

  test('any text: offsets lie in it and rise, and no word is empty or longer than 64', () => {
    const nasty = fc.string({
      unit: fc.oneof(
        fc.constantFrom(
          '-',
          "'",
          '’',
          '_',
          '^',
          '{',
          '\\',
          '.',
          ',',
          '+',
          '#',
          'İ',
          'é',
          '1',
          'a',
          'A',
          ' ',
          '深',
          '🙂',
          '\u0301',
        ),
        fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
      ),
      maxLength: 200,
    })
    fc.assert(
      fc.property(nasty, (text) => {
        let before = 0
        tokenize(text, (word, start, end, isJoined) => {
          assert.ok(word.length > 0 && word.length <= 64)
          assert.ok(start >= 0 && end > start && end <= text.length)
          if (!isJoined) {
            assert.ok(start >= before)
            before = end
          }
        })
      }),
      { numRuns: 150 },
    )
  })

  test('time is linear: a megabyte of each nasty character', () => {
    for (const character of [
      'a',
      '-',
      'a-',
      "'s ",
      '\\',
      '\\a',
      '{',
      '1,',
      '1,0',
      '.',
      '+',
      'a+',
      '^',
      '_{',
      'é',
      '\u0301',
      '\ud800',
      '🙂',
    ])
      words(character.repeat(1_000_000 / character.length))
  })
})

describe('stems', () => {
  test('forms of a word share one, and different words do not', () => {
    for (const forms of [
      'network networks',
      'generalize generalization generalizing generalized generalisation generalises',
      'generate generation generative generator',
      'learn learning learned learns',
      'graph graphs',
    ])
      assert.equal(new Set(forms.split(' ').map(stem)).size, 1, forms)
    assert.equal(new Set(['relation', 'relativity', 'release', 'real'].map(stem)).size, 4)
    assert.equal(new Set(['generalization', 'general', 'generation', 'generic', 'genera'].map(stem)).size, 5)
    for (const kept of ['gpt4v', '3d', 'c++', 'über', 'was', '2401.00001']) assert.equal(stem(kept), kept)
  })

  test('a stem is its own stem', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'abcdeginlorstyz'), maxLength: 14 })
    const ending = fc.constantFrom('', 's', 'ing', 'ed', 'ational', 'iveness', 'ies', 'ization', 'logi', 'e', 'll')
    fc.assert(fc.property(letters, ending, (start, end) => assert.equal(stem(stem(start + end)), stem(start + end))))
  })

  test('terms come with their places', () => {
    assert.deepEqual(termsOf('Deep GPT-4s'), [
      { term: 'deep', start: 0, end: 4 },
      { term: 'gpt', start: 5, end: 8 },
      { term: '4s', start: 9, end: 11 },
      { term: 'gpt4s', start: 5, end: 11 },
    ])
  })
})
