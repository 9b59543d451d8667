import assert from 'node:assert/strict'
import { test } from 'node:test'
import { record } from '../../tests/papers.ts'
import { AppError } from '../errors.ts'
import { readSourcesFile, withoutComments } from './read-sources-file.ts'
import { createFilter, parseTerm } from './source-filter.ts'
import { sourceKinds } from './source-kinds.ts'
import { checkSource } from './source-settings.ts'

const file = `{
  // What our group reads. "Quotes // are no comments" /* nor this */
  "arxiv": { "categories": ["cs.CL", "stat.ML"], "filters": ["-cat:cs.CR", "-survey"] },
  "sources": [
    { "name": "hf", "kind": "daily-papers" }, /* every two hours */
    { "name": "journal", "kind": "feed", "title": "Journal // of Rooms", "url": "https://journal.example.org/rss", "edition": false, },
  ],
}`

test('the file of sources may hold comments and trailing commas; what is left out has its default', () => {
  const { arxiv, sources } = readSourcesFile(file, 'sources.jsonc')
  assert.deepEqual(arxiv, { categories: ['cs.CL', 'stat.ML'], filters: ['-cat:cs.CR', '-survey'], crossLists: true })
  assert.deepEqual(
    sources.map(({ name, kind, everyHours, edition, enabled, title }) => [
      name,
      kind,
      everyHours,
      edition,
      enabled,
      title,
    ]),
    [
      ['hf', 'daily-papers', 2, true, true, undefined],
      ['journal', 'feed', 3, false, true, 'Journal // of Rooms'],
    ],
  )
})

test('comments become blanks, so that a place in a message stays right', () => {
  const text = '{ "a": 1, // one\n  "b": "x\\"// y", /* two\n lines */ "c": [1, 2,], }'
  const plain = withoutComments(text)
  assert.equal(plain.length, text.length)
  assert.equal(plain.split('\n').length, 3)
  assert.deepEqual(JSON.parse(plain), { a: 1, b: 'x"// y', c: [1, 2] })
})

test('all mistakes of the file are named at once, each with its place', () => {
  const wrong = `{ "arxiv": { "categories": ["cs.XX"], "filter": [] }, "sources": [
    { "name": "Our Journal", "kind": "feed", "url": "ftp://x" },
    { "name": "a", "kind": "gopher" },
    { "name": "b", "kind": "openreview" },
    { "name": "c", "kind": "feed", "url": "https://x.example.org", "colour": "red", "filters": ["cat:\\"", "fine"] },
    { "name": "d", "kind": "daily-papers", "everyHours": 0 }, { "name": "d", "kind": "daily-papers" } , { "name": "d", "kind": "daily-papers" }, 7 ] }`
  assert.throws(
    () => readSourcesFile(wrong, 'sources.jsonc'),
    (error: AppError) => {
      assert.equal(error.code, 'bad_configuration')
      for (const part of [
        'arxiv.categories[0]: arXiv has no category "cs.XX"',
        'arxiv: there is no setting "filter"',
        'sources[0].name: expected small letters',
        'sources[0].url: expected an address',
        'sources[1].kind: expected one of: daily-papers, oai-pmh',
        'sources[2].venue: it is missing; expected string',
        'sources[3]: there is no setting "colour"',
        'sources[3].filters[0]:',
        'sources[4].everyHours: expected at least a quarter',
        'sources[6].name: "d" is used twice',
        'sources[7]: expected an object',
      ])
        assert.ok(error.message.includes(part), `${part}\nin\n${error.message}`)
      return true
    },
  )
  assert.throws(() => readSourcesFile('{ "sources": [', 'sources.jsonc'), AppError)
  assert.throws(() => readSourcesFile('[]', 'sources.jsonc'), /mistake/)
})

test('the name of arXiv cannot be taken by another source', () => {
  assert.ok('problems' in checkSource({ name: 'arxiv', kind: 'daily-papers' }))
})

test('every kind of source says what it is in a sentence, under a name of its own', () => {
  assert.equal(new Set(sourceKinds.map(({ kind }) => kind)).size, sourceKinds.length)
  for (const { about } of sourceKinds) assert.match(about, /^[A-Z].{20,}\.$/)
})

const paper = record({
  title: 'A survey of rooms: $\\ell_2$ norms and na\\"ive walls',
  abstract: 'Language models listen in rooms.',
  authors: [{ name: "Jos\\'e Garc\\'ia" }, { name: 'Ada Byron' }],
  categories: ['cs.CL', 'stat.TH'],
})

test('filters: fields, negative terms, phrases, prefixes, alias categories, folded names', () => {
  const passes = (...terms: string[]) => createFilter(terms)({ record: paper, subjects: ['Acoustics'] })
  assert.equal(passes(), true)
  assert.equal(passes('cat:cs.CL'), true)
  assert.equal(passes('cat:cs.*'), true)
  assert.equal(passes('cat:math.ST'), true, 'stat.TH is another name of math.ST')
  assert.equal(passes('cat:cs.CV'), false)
  assert.equal(passes('cat:cs.CV', 'cat:cs.CL'), true, 'one of a field is enough')
  assert.equal(passes('cat:cs.CL', 'word:robots'), false, 'but each field must be met')
  assert.equal(passes('-cat:stat.TH'), false)
  assert.equal(passes('cat:acoustics'), true, 'subjects of the source itself')
  assert.equal(passes('author:"Jose Garcia"'), true)
  assert.equal(passes('-author:"ada byron"'), false)
  assert.equal(passes('author:byron'), false, 'a family name alone is many people')
  assert.equal(passes('-survey'), false)
  assert.equal(passes('"language models"'), true)
  assert.equal(passes('"models language"'), false)
  assert.equal(passes('model'), false)
  assert.equal(passes('model*'), true)
  assert.equal(passes('naive'), true)
})

test('a term that says nothing is refused with a sentence', () => {
  for (const text of ['', '  ', '-', 'cat:', '""', 'author:"'])
    assert.ok('problem' in parseTerm(text), JSON.stringify(text))
})
