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

  test('odd but legal: Windows line ends, no title, numbers as ids, no text, queries nobody judged, a mark at the head', async () => {
    const documents = [
      '{"_id":1,"text":"Whales sing in the ocean."}',
      '{"_id":"2","title":"Violins of Cremona","text":""}',
      '{"_id":"3","title":null,"text":null}',
      '{"_id":"4","title":"Rivers","text":"Rivers run.","metadata":{"year":2020}}',
    ]
    write('odd.jsonl', `\ufeff${documents.join('\r\n')}\r\n`)
    write(
      'odd-queries.jsonl',
      '{"_id":10,"text":"whales"}\r\n{"_id":"11","text":""}\r\n{"_id":12,"text":"rivers","metadata":{}}\r\n',
    )
    // Document 3 is empty, 99 is not there, query 13 neither; a judgement of 0 says "not relevant".
    write(
      'odd.tsv',
      'query-id\tcorpus-id\tscore\r\n10\t1\t1\r\n10\t4\t0\r\n11\t3\t1\r\n12\t4\t1\r\n12\t99\t1\r\n13\t1\t1\r\n',
    )
    const { code, stdout, stderr } = await evaluate(
      path('odd.jsonl'),
      path('odd-queries.jsonl'),
      path('odd.tsv'),
      '--json',
    )
    assert.equal(code, 0, stderr)
    const report = JSON.parse(stdout)
    assert.equal(report.queries, 3)
    // "whales" finds its document, the empty query nothing, "rivers" the one of its two that is there.
    const half = 1 / (1 + 1 / Math.log2(3))
    assert.equal(report.lexical.ndcg10, Math.round(((1 + half) / 3) * 1e4) / 1e4)
    assert.equal(stderr.includes('skipped'), false, stderr)
  })

  test('files in each other’s place, without anything usable, or damaged, are told in a sentence', async () => {
    const [corpus, queries, qrels] = ['corpus.packed', 'queries.jsonl', 'with-header.tsv'].map(path) as [
      string,
      string,
      string,
    ]
    write('empty.jsonl', '')
    write('damaged.gz', gzipSync('{"_id":"a","text":"x"}\n'.repeat(100)).subarray(0, 40))
    for (const [files, message] of [
      [[qrels, queries, qrels], /with-header\.tsv holds no document that can be used/],
      [[path('empty.jsonl'), queries, qrels], /empty\.jsonl holds no document/],
      [[corpus, queries, queries], /No query of .*queries\.jsonl has a relevant document in .*queries\.jsonl/],
      [[corpus, path('empty.jsonl'), qrels], /No query of .*empty\.jsonl has a relevant document/],
      [[path('damaged.gz'), queries, qrels], /damaged\.gz cannot be read/],
      [[folder, queries, qrels], /cannot be read/],
    ] as const) {
      const { code, stdout, stderr } = await evaluate(...(files as [string, string, string]), '--json')
      assert.deepEqual([code, stdout], [1, ''], stderr)
      assert.match(stderr, message)
    }
    const { code, stderr } = await runProgram(['eval', '--corpus', corpus], environment(folder))
    assert.equal(code, 1)
    assert.match(stderr, /--corpus FILE --queries FILE --qrels FILE/)
  })

  for (const [set, ndcg10, recall100] of [
    ['scifact-train', 0.683, 0.914],
    ['cacm', 0.45, 0.61],
    ['cranfield', 0.353, 0.716],
  ] as const) {
    const isLong = set === 'scifact-train' && !process.env.PAPERROUND_TEST_LONG
    const skip = isLong ? 'takes long: set PAPERROUND_TEST_LONG=1' : withoutShared(`data/${set}/qrels.tsv`)
    test(`on ${set} words alone are not below the reference figures, and meaning adds what was promised`, {
      skip,
    }, async () => {
      const [corpus, queries, qrels] = ['corpus.jsonl.gz', 'queries.jsonl', 'qrels.tsv'].map((name) =>
        sharedFile(`data/${set}/${name}`),
      )
      const { stdout } = await evaluate(corpus!, queries!, qrels!, '--json')
      const { lexical, ndcg10: both } = JSON.parse(stdout)
      assert.ok(lexical.ndcg10 >= ndcg10, `nDCG@10 ${lexical.ndcg10}`)
      assert.ok(lexical.recall100 >= recall100, `Recall@100 ${lexical.recall100}`)
      assert.ok(both >= lexical.ndcg10 + 0.02, `nDCG@10 ${both} with meaning, ${lexical.ndcg10} without`)
      if (set === 'cacm') assert.ok(both >= 0.49, `nDCG@10 ${both}`)
    })
  }
})
