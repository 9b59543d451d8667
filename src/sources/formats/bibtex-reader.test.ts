import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { type ImportItem, readImport } from '../read-import.ts'
import { bibtexAuthors } from './bibtex-record.ts'

async function read(text: string): Promise<ImportItem[]> {
  const items: ImportItem[] = []
  for await (const batch of readImport(Readable.from([Buffer.from(text)]), { name: 'x.bib' })) items.push(...batch)
  return items
}

async function readOne(text: string) {
  const items = await read(text)
  assert.equal(items.length, 1)
  assert.ok(items[0]!.kind === 'paper', JSON.stringify(items))
  return items[0]!.paper
}

test('reads an entry of arXiv', async () => {
  const paper = await readOne(`% exported
@misc{byron2024rounds,
      title={On {R}ounds of $\\{a\\}$ and {\\'E}tudes},
      author={Ada Byron and Berg, Ben van der and {The Rounds Group} and others},
      year={2024}, month = jan,
      eprint={2401.00001v2},
      archivePrefix={arXiv},
      primaryClass={cs.LG},
      abstract = "We go
        round.

        Again.",
      url={https://arxiv.org/abs/2401.00001},
      keywords={rounds}
}
`)
  assert.deepEqual(paper, {
    identifiers: [{ source: 'arxiv', id: '2401.00001' }],
    title: "On {R}ounds of $\\{a\\}$ and {\\'E}tudes",
    abstract: 'We go round.\n\nAgain.',
    authors: [{ name: 'Ada Byron' }, { name: 'Ben van der Berg' }, { name: 'The Rounds Group' }],
    categories: ['cs.LG'],
    versions: [{ version: 2 }],
    links: [],
  })
})

test('reads a journal article: DOI, where it appeared, the full date only', async () => {
  const paper = await readOne(
    '@article{a, title={{On Rounds}}, author={Byron, Ada}, journal={J. Rounds}, volume=12, number=3, pages={45--67}, year=2020, date={2020-05-17/2020-05-20}, doi={10.1000/ABC}, url={https://doi.org/10.1000/abc}}',
  )
  assert.deepEqual(paper.identifiers, [{ source: 'doi', id: '10.1000/abc' }])
  assert.equal(paper.title, 'On Rounds')
  assert.equal(paper.journalRef, 'J. Rounds 12(3), 45--67 (2020)')
  assert.equal(paper.datedOn, '2020-05-17')
  assert.equal((await readOne('@article{a, title={A}, year=2020, month=may}')).datedOn, undefined)
})

test('finds the arXiv id wherever people put it, and takes no other number for one', async () => {
  const fields = [
    'journal={arXiv preprint arXiv:2401.00001}',
    'journal={CoRR}, volume={abs/2401.00001}',
    'eprint={2401.00001}, eprinttype={arXiv}',
    'howpublished={\\url{https://arxiv.org/abs/2401.00001}}',
    'note={arXiv:2401.00001 [cs.LG]}',
    'doi={10.48550/arXiv.2401.00001}',
    'arxivId={2401.00001}',
  ]
  for (const field of fields) {
    const paper = await readOne(`@article{a, title={A}, ${field}}`)
    assert.deepEqual(paper.identifiers, [{ source: 'arxiv', id: '2401.00001' }], field)
    assert.equal(paper.journalRef, undefined)
  }
  const pubmed = await readOne('@article{a, title={A}, eprint={12345678}, eprinttype={pubmed}}')
  assert.deepEqual(pubmed.identifiers, [{ source: 'pmid', id: '12345678' }])
})

test('abbreviations, joined values, quotes in braces, round brackets, comments', async () => {
  const items = await read(`
@string{jr = "Journal of " # {Rounds}}
@STRING(pub = "Press")
@comment{ @article{not, title={Not this}} }
@preamble{"\\newcommand{\\x}{y}"}
Anything between entries, like ada@example.org {or this}, is no mistake.
@article(a, title = "The {"}quoted{"} " # jr, journal = jr # {, } # pub, year = 2020)
@book{, title = {No key}}
@inproceedings{title = {Not even a comma}, booktitle = {Rounds '24},}
`)
  assert.deepEqual(
    items.map((item) => item.kind === 'paper' && [item.line, item.paper.title, item.paper.journalRef]),
    [
      [7, 'The {"}quoted{"} Journal of Rounds', 'Journal of Rounds, Press (2020)'],
      [8, 'No key', undefined],
      [9, 'Not even a comma', "Rounds '24"],
    ],
  )
})

test('one broken entry costs only itself', async () => {
  const items = await read(`@article{a, title={Fine}}
@article{b, title={Broken, author={X Y}, year=2020}
@article{c, title={Fine too}} @article{d, title={On the same line}}
@article{e, author={No Title}}
@article{f, title {Broken}}
@article{g, title={Not closed},
@article{h, title={Last}}`)
  assert.deepEqual(
    items.map((item) => (item.kind === 'paper' ? item.paper.title : `${item.line} ${item.reason.slice(0, 28)}`)),
    [
      'Fine',
      '2 entry: expected a closing br',
      'Fine too',
      'On the same line',
      '4 title: missing',
      '5 entry: expected a field such',
      '6 entry: expected a closing br',
      'Last',
    ],
  )
})

const authors: [text: string, names: string[]][] = [
  ['Ada Byron', ['Ada Byron']],
  ['Byron, Ada and Ben Berg', ['Ada Byron', 'Ben Berg']],
  ['van der Berg, Ben', ['Ben van der Berg']],
  ['Chen, Jr., Carl', ['Carl Chen Jr.']],
  ['{Barnes and Noble} AND Ada Byron', ['Barnes and Noble', 'Ada Byron']],
  ['{van der Berg}, Ben', ['Ben van der Berg']],
  ['{\\L}och, Pawe{\\l} and others', ['Pawe{\\l} {\\L}och']],
  ["Garc{\\'\\i}a, Jos\\'e", ["Jos\\'e Garc{\\'\\i}a"]],
  ['Anderson Sand and Randy Andrews', ['Anderson Sand', 'Randy Andrews']],
  ['', []],
]

for (const [text, names] of authors) {
  test(`reads the authors ${JSON.stringify(text)}`, () => {
    assert.deepEqual(
      bibtexAuthors(text).map(({ name }) => name),
      names,
    )
  })
}

test('abbreviations that double each other end as bad entries', async () => {
  const items = await read(`@string{a = "0123456789"}\n${'@string{a = a # a}\n'.repeat(60)}@misc{x, title = a}\n`)
  assert.equal(items.at(-1)!.kind, 'paper')
  assert.ok(items.length > 20)
})
