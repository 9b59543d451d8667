import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { environment, runProgram } from '../program.ts'
import { sharedFile, withoutShared } from '../shared.ts'

describe('paperround eval', () => {
  let folder = ''
  const path = (name: string) => join(folder, name)
  const write = (name: string, content: string | Uint8Array) => writeFileSync(path(name), content)
  const evaluate = (corpus: string, queries: string, qrels: string, ...more: string[]) =>
    runProgram(['eval', '--corpus', corpus, '--queries', queries, '--qrels', qrels, ...more], environment(folder))

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'paperround-eval-'))
    const documents = [
      { _id: 'a', title: 'Graph networks', text: 'Message passing on graphs.' },
      { _id: 'b', title: 'Residual learning', text: 'Deep networks for images.' },
      { _id: 7, title: 'Attention', text: 'Sequence models.' },
    ]
    const lines = documents.map((one) => JSON.stringify(one))
    write('corpus.packed', gzipSync([...lines, '', 'no json', '{"title":"without id"}', lines[0]].join('\n')))
    write(
      'queries.jsonl',
      '{"_id":"1","text":"graphs"}\r\n{"_id":"2","text":"attention"}\r\n{"_id":"3","text":"nothing judged"}\r\n',
    )
    write('with-header.tsv', 'query-id\tcorpus-id\tscore\n1\ta\t2\n1\tb\t1\n2\t7\t1\n9\ta\t1\nbroken\n')
    write('without-header.tsv', '1\ta\t2\n1\tb\t1\n2\t7\t1\n')
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('JSON alone on standard output; bad lines skipped, counted and named on the other', async () => {
    const { code, stdout, stderr } = await evaluate(
      path('corpus.packed'),
      path('queries.jsonl'),
      path('with-header.tsv'),
      '--json',
    )
    assert.equal(code, 0, stderr)
    const report = JSON.parse(stdout)
    assert.deepEqual(Object.keys(report), [
      'queries',
      'ndcg10',
      'recall100',
      'mrr10',
      'p50Ms',
      'p95Ms',
      'lexical',
      'dense',
    ])
    assert.equal(report.queries, 2, 'only queries with judgements count')
    // "graphs" finds a (gain 3) and not b (gain 1): 3 / (3 + 1 / log2(3)); "attention" finds its document.
    assert.equal(report.lexical.ndcg10, Math.round(((3 / (3 + 1 / Math.log2(3)) + 1) / 2) * 1e4) / 1e4)
    assert.equal(report.lexical.recall100, 0.75)
    assert.equal(report.lexical.mrr10, 1)
    assert.match(
      stderr,
      /3 line\(s\) of \S+corpus\.packed skipped: line 5: it is no JSON; line 6: it has no "_id"; line 7: the document a came before/,
    )
    assert.match(stderr, /1 line\(s\) of \S+with-header\.tsv skipped: line 6/)
  })

  test('a line of headings may be missing; without --json a table', async () => {
    const { code, stdout } = await evaluate(path('corpus.packed'), path('queries.jsonl'), path('without-header.tsv'))
    assert.equal(code, 0)
    assert.match(stdout, /2 queries over 3 documents\n.*nDCG@10/)
  })

  test('a missing file is told in a sentence', async () => {
    const { code, stdout, stderr } = await evaluate(
      path('nowhere'),
      path('queries.jsonl'),
      path('with-header.tsv'),
      '--json',
    )
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(stderr, /nowhere cannot be read/)
  })

  for (const [set, ndcg10, recall100] of [
    ['scifact-train', 0.683, 0.914],
    ['cacm', 0.45, 0.61],
    ['cranfield', 0.353, 0.716],
  ] as const) {
    const isLong = set === 'scifact-train' && !process.env.PAPERROUND_TEST_LONG
    const skip = isLong ? 'takes long: set PAPERROUND_TEST_LONG=1' : withoutShared(`data/${set}/qrels.tsv`)
    test(`the lexical arm is not below the reference figures on ${set}`, { skip }, async () => {
      const [corpus, queries, qrels] = ['corpus.jsonl.gz', 'queries.jsonl', 'qrels.tsv'].map((name) =>
        sharedFile(`data/${set}/${name}`),
      )
      const { stdout } = await evaluate(corpus!, queries!, qrels!, '--json')
      const { lexical } = JSON.parse(stdout)
      assert.ok(lexical.ndcg10 >= ndcg10, `nDCG@10 ${lexical.ndcg10}`)
      assert.ok(lexical.recall100 >= recall100, `Recall@100 ${lexical.recall100}`)
    })
  }
})
