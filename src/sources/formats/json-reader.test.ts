import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { type ImportFormat, type ImportItem, readImport } from '../read-import.ts'

async function read(text: string | object, as?: ImportFormat): Promise<ImportItem[]> {
  const bytes = Buffer.from(typeof text === 'string' ? text : JSON.stringify(text))
  const items: ImportItem[] = []
  for await (const batch of readImport(Readable.from([bytes]), as ? { name: 'x', as } : { name: 'x' }))
    items.push(...batch)
  return items
}

async function readOne(record: object, as?: ImportFormat) {
  const [item] = await read(record, as)
  assert.ok(item?.kind === 'paper', JSON.stringify(item))
  return item
}

async function reasons(text: string | object): Promise<string[]> {
  return (await read(text)).map((item) => (item.kind === 'bad' ? item.reason : 'no mistake'))
}

const bare = { authors: [], categories: [], versions: [], links: [] }

test('the least record is a title, and "0" is a title', async () => {
  assert.deepEqual((await readOne({ title: '0' })).paper, { identifiers: [], title: '0', ...bare })
})

test('reads our own fields', async () => {
  const { paper } = await readOne({
    id: '2401.00001v2',
    title: ' On\tRounds\u0000 ',
    abstract: 'We go\nround.',
    summary: 'Somebody goes round.',
    authors: ['Ada Byron', 'Ben van der Berg'],
    categories: ['cs.LG', 'cs.AI', '68T05'],
    date: '2024-01-03',
    announced_on: '2024-01-02',
    submitted_at: '2024-01-01T10:00:00+02:00',
    updated_at: '2024-02-01T10:00:00Z',
    doi: 'https://doi.org/10.1000/ABC.1',
    url: 'https://arxiv.org/abs/2401.00001',
    code: 'https://github.com/ada/rounds',
    project_page: 'https://rounds.example/',
    license: 'http://creativecommons.org/licenses/by/4.0/',
    comments: '3 pages',
    'journal-ref': 'J. Rounds 1 (2024)',
  })
  assert.deepEqual(paper, {
    identifiers: [
      { source: 'arxiv', id: '2401.00001' },
      { source: 'doi', id: '10.1000/abc.1' },
    ],
    title: 'On\tRounds',
    abstract: 'We go\nround.',
    summary: 'Somebody goes round.',
    authors: [{ name: 'Ada Byron' }, { name: 'Ben van der Berg' }],
    categories: ['cs.LG', 'cs.AI'],
    datedOn: '2024-01-03',
    announcedOn: '2024-01-02',
    submittedAt: '2024-01-01T08:00:00.000Z',
    updatedAt: '2024-02-01T10:00:00.000Z',
    licence: 'http://creativecommons.org/licenses/by/4.0/',
    comment: '3 pages',
    journalRef: 'J. Rounds 1 (2024)',
    doi: '10.1000/abc.1',
    versions: [{ version: 2 }],
    links: [
      { kind: 'code', url: 'https://github.com/ada/rounds' },
      { kind: 'project', url: 'https://rounds.example/' },
    ],
  })
})

test('reads the shape of the arXiv snapshot', async () => {
  const { paper } = await readOne({
    id: '0704.0002',
    submitter: 'Ada Byron',
    authors: 'Ada Byron, Ben Berg and\n  Carl Chen (Lab P)',
    title: 'Rounds\n  and rounds',
    comments: 'To appear',
    'journal-ref': null,
    doi: null,
    license: 'http://arxiv.org/licenses/nonexclusive-distrib/1.0/',
    abstract: '  We describe rounds.\n',
    categories: 'math.CO cs.CG',
    versions: [
      { version: 'v1', created: 'Sat, 31 Mar 2007 02:26:18 GMT' },
      { version: 'v2', created: 'Sat, 13 Dec 2008 17:26:00 GMT' },
    ],
    update_date: '2008-12-13',
    authors_parsed: [['Byron', 'Ada', '']],
  })
  assert.equal(paper.title, 'Rounds\n  and rounds')
  assert.equal(paper.abstract, 'We describe rounds.')
  assert.deepEqual(
    paper.authors.map(({ name }) => name),
    ['Ada Byron', 'Ben Berg', 'Carl Chen'],
  )
  assert.deepEqual(paper.categories, ['math.CO', 'cs.CG'])
  assert.equal(paper.submittedAt, '2007-03-31T02:26:18.000Z')
  assert.equal(paper.updatedAt, '2008-12-13T17:26:00.000Z')
  assert.deepEqual(
    paper.versions.map(({ version }) => version),
    [1, 2],
  )
  assert.equal(paper.datedOn, undefined)
})

test('a day without a time is never made an instant', async () => {
  const { paper } = await readOne({ title: 'A', published: '2024-01-05' })
  assert.equal(paper.submittedAt, undefined)
  assert.equal(paper.datedOn, '2024-01-05')
})

test('a seed list imports; unknown fields and empty values say nothing', async () => {
  const { paper } = await readOne({
    rank: 3,
    title: 'A',
    abstract: 'B',
    arxiv_id: null,
    doi: '',
    authors: null,
    venue: 'iclr',
    extra: { a: 1 },
  })
  assert.deepEqual(paper, { identifiers: [], title: 'A', abstract: 'B', journalRef: 'iclr', ...bare })
})

test('a summary beside no abstract is the abstract', async () => {
  assert.equal((await readOne({ title: 'A', summary: 'B' })).paper.abstract, 'B')
})

test('other identifiers: DOI, ACL, OpenReview; links keep to the web', async () => {
  const { paper } = await readOne({
    title: 'A',
    id: '10.1000/XYZ',
    url: 'https://aclanthology.org/2023.acl-long.1/',
    code: 'javascript:alert(1)',
    link: 'https://openreview.net/forum?id=aB_c-1',
  })
  assert.deepEqual(paper.identifiers, [
    { source: 'doi', id: '10.1000/xyz' },
    { source: 'acl', id: '2023.acl-long.1' },
    { source: 'openreview', id: 'aB_c-1' },
  ])
  assert.deepEqual(paper.links, [])
})

test("arXiv's own DOI is the arXiv id", async () => {
  const { paper } = await readOne({ title: 'A', doi: '10.48550/arXiv.2401.00001' })
  assert.deepEqual(paper.identifiers, [{ source: 'arxiv', id: '2401.00001' }])
  assert.equal(paper.doi, undefined)
})

test('names that belong to the language are harmless', async () => {
  const { paper } = await readOne(
    JSON.parse('{"__proto__":{"title":"evil"},"constructor":{"a":1},"title":"A","toString":"x"}'),
  )
  assert.equal(paper.title, 'A')
  assert.equal(({} as { title?: string }).title, undefined)
  assert.match((await reasons('{"__proto__":{"title":"evil"}}\n'))[0]!, /^title: missing/)
})

test('P37: text that was certainly encoded twice is repaired, anything else stays', async () => {
  const { paper } = await readOne({ title: 'SÃO PAULO', authors: ['Dirk WÃ¼bben', 'JosÃ© Ã', 'Jürgen Ã¼'] })
  assert.equal(paper.title, 'SÃO PAULO')
  assert.deepEqual(
    paper.authors.map(({ name }) => name),
    ['Dirk Wübben', 'JosÃ© Ã', 'Jürgen Ã¼'],
  )
})

test('half of a surrogate pair does not get into texts', async () => {
  assert.equal((await read('{"title":"A \\ud83d B"}\n'))[0]!.kind, 'paper')
  assert.equal((await readOne(JSON.parse('{"title":"A \\ud83d B"}'))).paper.title, 'A \ufffd B')
})

test('bad records name the field and quote at most 80 characters', async () => {
  const cases: [record: unknown, reason: RegExp][] = [
    [{}, /^title: missing in \{\}$/],
    [{ title: ' \u0000' }, /^title: missing/],
    [{ title: null, id: '2401.00001' }, /^title: missing in \{"title":null/],
    [{ title: ['A'] }, /^title: expected text, got \["A"\]$/],
    [{ title: 'A', abstract: {} }, /^abstract: expected text/],
    [{ title: 'A', authors: 5 }, /^authors: expected a list of names, got 5$/],
    [{ title: 'A', authors: [null] }, /^authors: expected a name, got null$/],
    [{ title: 'A', arxiv_id: 'abc' }, /^arxiv_id: expected an arXiv id/],
    [{ title: 'A', id: '1234.12345' }, /^id: arXiv gives out no such id: 1234\.12345$/],
    [{ title: 'A', id: 2401.0001 }, /^id: expected an id in quotes/],
    [{ title: 'A', date: '2026-6-30' }, /^date: expected a date such as/],
    [{ title: 'A', date: '2026-02-30' }, /^date: /],
    [[1], /^record: expected a JSON object, got \[1\]$/],
    ['x', /^record: /],
    [null, /^record: /],
  ]
  for (const [record, expected] of cases) {
    const [reason] = await reasons(`${JSON.stringify({ title: 'before' })}\n${JSON.stringify(record)}\n`).then((all) =>
      all.slice(1),
    )
    assert.match(reason!, expected)
  }
  const [long] = await reasons(`{"x": "${'y'.repeat(500)}\n`)
  assert.ok(long!.length < 130, long)
})

test('P10: years and words in date fields are no dates, and no mistakes', async () => {
  const { paper } = await readOne({ title: 'A', date: '2024', published: 'NeurIPS 2023', announced: '2024-05' })
  assert.deepEqual(paper, { identifiers: [], title: 'A', ...bare })
})

test('a broken line is bad, with its number, and the others are read', async () => {
  const items = await read('{"title":"A"}\n{"title":\n\n{"title":"B"},\r\n{"title":"tab\there"}\n{"title":"C"')
  assert.deepEqual(
    items.map((item) => (item.kind === 'paper' ? [item.line, item.paper.title] : [item.line])),
    [[1, 'A'], [2], [4, 'B'], [5, 'tab here'], [6]],
  )
})

test('a list of records is read element by element, with line numbers, whatever one of them is like', async () => {
  const items = await read(
    '[\n  {"title": "A",\n   "abstract": "] } \\" {"},\n  {"title": "B",, },\n  7,\n\n  {"title": "C"}\n]\n',
  )
  assert.deepEqual(
    items.map((item) => [item.line, item.kind === 'paper' ? item.paper.title : 'bad']),
    [
      [2, 'A'],
      [4, 'bad'],
      [5, 'bad'],
      [7, 'C'],
    ],
  )
})

test('a list that is not closed says so', async () => {
  assert.deepEqual(await reasons('[{"title":"A"}'), ['no mistake', 'file: it ends before its list is closed'])
  assert.deepEqual(
    await reasons('[{"title":"A"},{"title":'),
    ['no mistake', 'record: the file ends inside it'].concat([]),
  )
})

test('one object written over many lines is one record', async () => {
  assert.equal((await read(JSON.stringify({ title: 'A', authors: ['B C'] }, null, 2))).length, 1)
})

test('a list on one line longer than any record is read in pieces', async () => {
  const records = Array.from({ length: 20_000 }, (_, index) => ({ title: `Paper ${index}`, abstract: 'x'.repeat(600) }))
  const items = await read(records)
  assert.equal(items.filter(({ kind }) => kind === 'paper').length, 20_000)
})

// Daily Papers

const daily = (id: string, more: object = {}, outer: object = {}) => ({
  paper: {
    id,
    title: `Inner ${id}`,
    summary: 'We go\nround.',
    authors: [{ _id: 'a', name: 'Ada Byron', hidden: false, user: { name: 'ada' } }],
    publishedAt: '2026-02-26T17:08:18.000Z',
    upvotes: 10,
    ...more,
  },
  publishedAt: '2026-02-26T12:08:18.000Z',
  title: `Outer ${id}`,
  summary: 'We go\nround.',
  numComments: 2,
  submittedBy: { fullname: 'Ben Berg', name: 'ben' },
  ...outer,
})

test('an item of Daily Papers keeps its day, submitter, votes and links', async () => {
  const item = daily('2602.23229', {
    submittedOnDailyAt: '2026-03-06T03:55:12.777Z',
    githubRepo: 'https://github.com/ada/rounds',
    githubStars: 9,
    projectPage: 'https://rounds.example/',
    ai_summary: 'Somebody goes round.',
  })
  assert.deepEqual(await readOne([item]), {
    kind: 'paper',
    line: 1,
    bytes: Buffer.byteLength(JSON.stringify([item])),
    paper: {
      identifiers: [{ source: 'arxiv', id: '2602.23229' }],
      title: 'Outer 2602.23229',
      abstract: 'We go\nround.',
      summary: 'Somebody goes round.',
      authors: [{ name: 'Ada Byron' }],
      categories: [],
      submittedAt: '2026-02-26T17:08:18.000Z',
      versions: [],
      links: [
        { kind: 'code', url: 'https://github.com/ada/rounds', stars: 9 },
        { kind: 'project', url: 'https://rounds.example/' },
      ],
      elsewhere: { site: 'huggingface', upvotes: 10, comments: 2 },
    },
    listing: { day: '2026-03-06', submittedBy: 'Ben Berg', site: 'huggingface' },
  })
})

test('without a day of listing there is no listing: the outer date is never taken for one', async () => {
  assert.equal((await readOne([daily('2602.23229')])).listing, undefined)
  assert.equal((await readOne(daily('2602.23229'))).listing, undefined)
})

test('the day that a file states wins over the day of submission', async () => {
  const item = daily('2602.23229', { submittedOnDailyAt: '2026-03-06T03:55:12.777Z' })
  const shapes: (object | string)[] = [
    { '2026-03-05': [item], '2026-03-06': [] },
    JSON.stringify({ '2026-03-05': [item], '2026-03-06': [] }, null, 2),
    { date: '2026-03-05', papers: [item] },
    `${JSON.stringify({ date: '2026-03-05', papers: [item] })}\n`,
    [{ date: '2026-03-05', papers: [item] }],
    { '2026-03-05': [{ ...item.paper, numComments: 2, submittedBy: { fullname: 'Ben Berg' } }] },
  ]
  for (const shape of shapes) {
    const one = await readOne(shape as object)
    assert.deepEqual(
      one.listing,
      { day: '2026-03-05', submittedBy: 'Ben Berg', site: 'huggingface' },
      JSON.stringify(shape),
    )
    assert.equal(one.paper.elsewhere?.upvotes, 10)
  }
  const [bad] = await reasons({ date: '2026-3-5', papers: [item] })
  assert.match(bad!, /^date: expected a day/)
})

test('lines of items, items without votes and search answers import', async () => {
  const items = await read(
    `${JSON.stringify(daily('2602.23229'))}\n${JSON.stringify(daily('2602.23230', { upvotes: 0 }))}\n`,
  )
  assert.deepEqual(
    items.map((item) => item.kind === 'paper' && item.paper.elsewhere?.upvotes),
    [10, 0],
  )
  const found = {
    ...daily('2602.23229', { upvotes: undefined }),
    submittedBy: undefined,
    highlightedTitle: [{ type: 'text', text: 'x' }],
  }
  assert.equal((await readOne([found])).paper.elsewhere, undefined)
})

// Dated lists

test('a line of a dated list belongs to the edition of its date', async () => {
  const record = {
    date: '2024-05-27',
    id: '2405.14906',
    title: 'A',
    abstract: 'B',
    authors: ['Ada Byron'],
    upvotes: 7,
    num_comments: 1,
    observed_at: '2024-06-01T17:07:21Z',
    published_at: '2024-05-23T02:53:25.000Z',
    submitted_by: 'Ben',
    github_repo: 'https://github.com/ada/a',
    github_stars: 3,
  }
  const { paper, listing } = await readOne(record)
  assert.deepEqual(listing, { day: '2024-05-27', submittedBy: 'Ben', site: 'huggingface' })
  assert.deepEqual(paper.elsewhere, {
    site: 'huggingface',
    upvotes: 7,
    comments: 1,
    observedAt: '2024-06-01T17:07:21.000Z',
  })
  assert.equal(paper.submittedAt, '2024-05-23T02:53:25.000Z')
  assert.equal(paper.datedOn, undefined)
  assert.deepEqual(paper.links, [{ kind: 'code', url: 'https://github.com/ada/a', stars: 3 }])
  assert.equal((await readOne(record, 'jsonl')).listing, undefined)
})
