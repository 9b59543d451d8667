import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fc } from '../../tests/property.ts'
import { MAX_QUERY_LENGTH, parseQuery } from './query-language.ts'

const day = (text: string) => Date.parse(`${text}T00:00:00Z`) / 86_400_000
/** The parts a test cares about, empty ones left out. */
function parsed(typed: string) {
  const { text, conditions, filter, mistakes } = parseQuery(typed)
  assert.deepEqual(mistakes, [], 'no mistake expected')
  return { text, ...(conditions.length > 0 ? { conditions } : {}), ...filter }
}

describe('the query language', () => {
  test('words and questions are left as they are', () => {
    assert.deepEqual(parsed('  what makes   local generalization work? '), {
      text: 'what makes local generalization work?',
    })
    assert.deepEqual(parsed('non-IID GPT-4V C++ $\\ell_2$'), { text: 'non-IID GPT-4V C++ $\\ell_2$' })
    assert.deepEqual(parsed('GANs: a survey'), { text: 'GANs: a survey' })
    assert.deepEqual(parsed('a - b -- c'), { text: 'a - b -- c' })
  })

  test('a phrase must be there and is ranked by, too; so are words in a title', () => {
    assert.deepEqual(parsed('"local generalization" graphs'), {
      text: 'local generalization graphs',
      conditions: [{ kind: 'phrase', text: 'local generalization' }],
    })
    assert.deepEqual(parsed('“local generalization”').conditions, [{ kind: 'phrase', text: 'local generalization' }])
    assert.deepEqual(parsed('title:attention ti:"is all"'), {
      text: 'attention is all',
      conditions: [
        { field: 'title', kind: 'word', text: 'attention' },
        { field: 'title', kind: 'phrase', text: 'is all' },
      ],
    })
  })

  test('authors narrow and say nothing about the meaning', () => {
    assert.deepEqual(parsed('author:hinton'), {
      text: '',
      conditions: [{ field: 'authors', kind: 'word', text: 'hinton' }],
    })
    assert.deepEqual(parsed('Author:"Geoffrey Hinton" capsules').conditions, [
      { field: 'authors', kind: 'phrase', text: 'Geoffrey Hinton' },
    ])
  })

  test('minus leaves out words, phrases, categories, authors, beginnings', () => {
    assert.deepEqual(parsed('graphs -neural -"random walk" -author:smith -trans*').conditions, [
      { negated: true, kind: 'word', text: 'neural' },
      { negated: true, kind: 'phrase', text: 'random walk' },
      { field: 'authors', negated: true, kind: 'word', text: 'smith' },
      { negated: true, kind: 'prefix', text: 'trans' },
    ])
    assert.deepEqual(parsed('graphs -cat:cs.cv'), { text: 'graphs', withoutCategories: ['cs.CV'] })
  })

  test('categories in any spelling, several with a comma, a whole archive; each cat: narrows further', () => {
    assert.deepEqual(parsed('cat:cs.lg cat:stat.ML,stat.TH'), {
      text: '',
      categories: [['cs.LG'], ['stat.ML', 'math.ST']],
    })
    const [archive] = parseQuery('cat:cs').filter.categories ?? []
    assert.ok(archive?.includes('cs.LG') && archive.includes('cs.AI') && archive.length > 30)
    assert.deepEqual(parseQuery('cat:CS.*').filter.categories, [archive])
    assert.ok(parseQuery('cat:cond-mat').filter.categories?.[0]?.includes('cond-mat.str-el'))
    assert.deepEqual(parsed('cat:hep-th').categories, [['hep-th']])
  })

  test('a category that only papers here use is one, too', () => {
    assert.match(parseQuery('cat:robots').mistakes[0] ?? '', /no category "robots".*The list is at \/categories/)
    assert.match(parseQuery('cat:lg').mistakes[0] ?? '', /no category "lg".*Did you mean cat:cs.LG\?$/)
    assert.match(parseQuery('cat:math.LG').mistakes[0] ?? '', /Did you mean cat:cs.LG\?$/)
    assert.match(parseQuery('cat:xx.AP').mistakes[0] ?? '', /Did you mean cat:math.AP,[a-z-,]*stat.AP\?$/)
    assert.deepEqual(parseQuery('cat:robots', new Set(['robots'])).filter.categories, [['robots']])
  })

  test('dates: a day, month, year, a range, an open end; several narrow each other', () => {
    assert.deepEqual(parsed('date:2025-03..2025-06'), {
      text: '',
      fromDay: day('2025-03-01'),
      toDay: day('2025-06-30'),
    })
    assert.deepEqual(parsed('date:2025'), { text: '', fromDay: day('2025-01-01'), toDay: day('2025-12-31') })
    assert.deepEqual(parsed('date:2024-02'), { text: '', fromDay: day('2024-02-01'), toDay: day('2024-02-29') })
    assert.deepEqual(parsed('date:2025-12'), { text: '', fromDay: day('2025-12-01'), toDay: day('2025-12-31') })
    assert.deepEqual(parsed('date:2025-3-7'), { text: '', fromDay: day('2025-03-07'), toDay: day('2025-03-07') })
    assert.deepEqual(parsed('date:2025..'), { text: '', fromDay: day('2025-01-01') })
    assert.deepEqual(parsed('date:..2024-05-31'), { text: '', toDay: day('2024-05-31') })
    assert.deepEqual(parsed('year:2025 date:2025-06..'), {
      text: '',
      fromDay: day('2025-06-01'),
      toDay: day('2025-12-31'),
    })
  })

  test('has:code, without code, withdrawn ones', () => {
    assert.deepEqual(parsed('has:code'), { text: '', hasCode: true })
    assert.deepEqual(parsed('-has:code'), { text: '', hasCode: false })
    assert.deepEqual(parsed('is:withdrawn'), { text: '', withdrawn: 'only' })
  })

  test('the beginning of a word', () => {
    assert.deepEqual(parsed('transf* title:gen*').conditions, [
      { kind: 'prefix', text: 'transf' },
      { field: 'title', kind: 'prefix', text: 'gen' },
    ])
  })

  for (const [typed, mistake, text] of [
    ['"local generalization', /not closed/, 'local generalization'],
    ['graphs "local" "open words here', /not closed/, 'graphs local open words here'],
    ['5" of snow', /not closed/, '5 of snow'],
    ['date:2025-13', /no date/, '2025-13'],
    ['date:2025-02-30', /no date/, '2025-02-30'],
    ['date:yesterday', /no date/, 'yesterday'],
    ['date:2025..2024', /ends before/, '2025..2024'],
    ['date:..', /no date/, '..'],
    ['-date:2025', /minus.* searched as words/, '2025'],
    ['cat:cs.XX', /no category "cs.XX"/, 'cs.XX'],
    ['has:video', /not known/, 'video'],
    ['autor:hinton', /no field "autor:"/, 'hinton'],
    ['author: hinton', /without a space/, 'author: hinton'],
    ['cats AND dogs', /AND is no operator/, 'cats dogs'],
    ['NOT dogs', /-word/, 'dogs'],
    ['a*', /too short/, 'a'],
    ['"length generali*" proofs', /no beginnings \(\*\): they were searched as words/, 'length generali proofs'],
    ['author:"geoffrey hin*"', /no beginnings/, 'geoffrey hin'],
    ['graphs title:-survey', /minus in front of the field: -title:survey/, 'graphs survey'],
  ] as const)
    test(`a mistake is explained and searched as words: ${typed}`, () => {
      const query = parseQuery(typed)
      assert.equal(query.mistakes.length, 1, query.mistakes.join(' | '))
      assert.match(query.mistakes[0] as string, mistake)
      assert.equal(query.text, text)
    })

  test('each part that narrows can be taken out again', () => {
    const { narrowings } = parseQuery('graphs cat:cs.LG "random walk" date:2025')
    assert.deepEqual(narrowings, [
      { part: 'cat:cs.LG', without: 'graphs "random walk" date:2025' },
      { part: '"random walk"', without: 'graphs cat:cs.LG date:2025' },
      { part: 'date:2025', without: 'graphs cat:cs.LG "random walk"' },
    ])
  })

  test('control characters, halves of characters and marks that turn text around are gone', () => {
    assert.equal(parseQuery('a\u0000b\u0007 \ud800c\u202ed\n\te').typed, 'a b c d e')
    assert.equal(parseQuery('שלום עולם 🧪👩‍🔬 ﷺ').text, 'שלום עולם 🧪👩‍🔬 ﷺ')
    assert.deepEqual(parsed('   '), { text: '' })
  })

  test('ten thousand characters are cut at a word, and it is said', () => {
    const { typed, mistakes } = parseQuery('generalization '.repeat(1_000))
    assert.ok(typed.length <= MAX_QUERY_LENGTH && typed.endsWith('generalization'))
    assert.match(mistakes[0] ?? '', /first 2,000 characters/)
    assert.ok(parseQuery('x'.repeat(10_000)).typed.length <= MAX_QUERY_LENGTH)
    assert.ok(parseQuery('title:a '.repeat(1_000)).conditions.length <= 32)
  })

  test('SQL and HTML are words', () => {
    assert.deepEqual(parsed(`'; drop table paper; --`).text, `'; drop table paper; --`)
    assert.equal(parseQuery('<script>alert(1)</script>').text, '<script>alert(1)</script>')
  })

  test('whatever is typed, it is read, in bounded time, and reading what is shown again means the same', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom('"', '-', 'cat:', 'date:', 'cs.LG', '2025..', 'title:', ' ', '*', ':', '..', 'has:code', '“'),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const once = parseQuery(parts.join(''))
        const again = parseQuery(once.typed)
        assert.deepEqual(again, once)
        for (const { without } of once.narrowings) assert.ok(without.length < once.typed.length)
      }),
    )
  })

  test('what holds no word says so; a beginning of one letter too, also of a word in parts', () => {
    for (const typed of ['!!!', '🧪', '%', '- -'])
      assert.match(parseQuery(typed).mistakes.join(' '), /There is no word in that/, typed)
    for (const typed of ['', '0', 'cat:cs.LG', '-word', '李']) assert.deepEqual(parseQuery(typed).mistakes, [], typed)
    for (const typed of ['t*', 'multi-s*', 'title:t*']) {
      assert.match(parseQuery(typed).mistakes.join(' '), /too short a beginning/, typed)
      assert.deepEqual(parseQuery(typed).conditions, [], typed)
    }
    assert.deepEqual(parseQuery('multi-sc*').conditions, [{ kind: 'prefix', text: 'multi-sc' }])
  })
})
