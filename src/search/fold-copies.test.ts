import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { foldCopies } from './fold-copies.ts'
import { paperNamedBy } from './paper-named-by.ts'

const paper = (title: string, authors: string[], title_hash = title.length) => ({
  title,
  title_hash,
  byline: JSON.stringify(authors),
})
const folded = (...papers: ReturnType<typeof paper>[]) =>
  foldCopies(papers, (one) => one).map((group) => group.map((one) => papers.indexOf(one)))

describe('copies of one work', () => {
  test('preprint and venue copy, with a word more in the title, are one', () => {
    const preprint = paper('Rooms without windows in deep networks', ['Ada Byron', 'Ben Okri'], 1)
    const venue = paper('Rooms Without Windows in Very Deep Networks', ['A. Byron', 'B. Okri'], 2)
    const other = paper('Windows without rooms in shallow waters', ['Ada Byron'], 3)
    assert.deepEqual(folded(preprint, other, venue), [[0, 2], [1]])
  })

  test('equal titles by others, and short ones by nobody known, are not', () => {
    assert.deepEqual(
      folded(
        paper('Learning to reason about rooms', ['Ada Byron'], 1),
        paper('Learning to reason about rooms', ['Ben Okri'], 1),
      ),
      [[0], [1]],
    )
    assert.deepEqual(folded(paper('Introduction', [], 1), paper('Introduction', [], 1)), [[0], [1]])
    assert.deepEqual(
      folded(paper('The long title of a work', [], 1), paper('The long title of a work', ['Ada B'], 1)),
      [[0, 1]],
    )
  })
})

describe('a query that names a paper', () => {
  for (const [query, expected] of [
    ['2401.00001', 'arxiv:2401.00001'],
    ['arXiv 2401.00001v2', 'arxiv:2401.00001v2'],
    ['https://arxiv.org/pdf/hep-th/9901001', 'arxiv:hep-th/9901001'],
    ['10.48550/arXiv.2401.00001', 'arxiv:2401.00001'],
    ['https://doi.org/10.1000/Rooms.', 'doi:10.1000/rooms'],
    ['doi:10.1000/rooms', 'doi:10.1000/rooms'],
    ['https://aclanthology.org/2024.acl-long.1.pdf', 'acl:2024.acl-long.1'],
    ['https://openreview.net/forum?id=abc_D-1', 'openreview:abc_D-1'],
    ['https://papers.example.org/papers/doi/10.1000/rooms?x=1', 'doi:10.1000/rooms'],
    ['https://papers.example.org/papers/2401.00001', 'arxiv:2401.00001'],
    ['title/rooms-12345678', 'title:rooms-12345678'],
  ] as const)
    test(query, () => {
      const found = paperNamedBy(query)
      assert.ok(found)
      const version = found.version === undefined ? '' : `v${found.version}`
      assert.equal(`${found.identifier.source}:${found.identifier.id}${version}`, expected)
    })

  test('words are none, also with an id among them', () => {
    for (const query of ['', 'attention', 'follow-up of 2401.00001', '1234.56789', 'x/y', 'GPT-4/5', '10.5/3'])
      assert.equal(paperNamedBy(query), undefined, query)
  })
})
