import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { loadEmbedder } from '../../src/engine/index.ts'
import { createRandom } from '../../src/engine/train/random.ts'
import { temporaryFolder } from '../databases.ts'
import { environment, runProgram } from '../program.ts'

/** Papers of eight subjects with words of their own; titles use other words than abstracts. */
function papers(count: number): string[] {
  const random = createRandom(9)
  const subjects = ['star', 'cell', 'graph', 'market', 'proof', 'robot', 'fluid', 'crystal']
  return Array.from({ length: count }, (_, number) => {
    const subject = subjects[number % subjects.length]!
    const words = (length: number, from: number, to: number) =>
      Array.from({ length }, () => `${subject}${from + random.below(to - from)}`).join(' ')
    const abstract = Array.from({ length: 3 }, () => `${words(8, 10, 40)}.`).join(' ')
    return JSON.stringify({ id: `p${number}`, title: words(5, 0, 20), abstract })
  })
}

// Small, so that it takes seconds; the shipped model is made by the same command with its defaults (model/README.md).
const small = ['--dims', '64', '--batch', '64', '--passes', '4', '--min-papers', '2', '--pairs', '200', '--seed', '7']

test('an embedding is trained by one command: the same bytes from the same papers, of use to eval, bad lines told', async (t) => {
  const folder = temporaryFolder(t)
  const path = (name: string) => join(folder, name)
  const lines = papers(1_300)
  const bad = ['no json', '{"id":"x","title":"No abstract"}', '{"title":"No id","abstract":"Text."}']
  writeFileSync(path('first.jsonl.gz'), gzipSync([...bad, ...lines.slice(0, 700)].join('\n')))
  writeFileSync(path('second.jsonl'), lines.slice(700).join('\r\n'))
  const train = (out: string, ...more: string[]) => {
    const args = [
      'train-embedding',
      path('first.jsonl.gz'),
      path('second.jsonl'),
      '--out',
      path(out),
      ...small,
      ...more,
    ]
    return runProgram(args, environment(folder))
  }
  const one = await train('one', '--threads', '1', '--json')
  assert.equal(one.code, 0, one.stderr)
  const report = JSON.parse(one.stdout)
  assert.ok(report.papers > 1_150 && report.papers < 1_300, `trained on ${report.papers}: one in twenty is held out`)
  assert.match(
    one.stderr,
    /3 line\(s\) of \S+first\.jsonl\.gz skipped: line 1: it is no JSON; line 2: .*no abstract; line 3: it has no "id"/,
  )
  assert.match(one.stderr, /choosing words \.\.\.\nencoding \.\.\.\ntraining \.\.\./)

  const two = await train('two', '--threads', '2')
  assert.match(two.stdout, new RegExp(`^${path('two/embedding.bin')}: [\\d,]+ words and pairs from [\\d,]+ papers`))
  const [first, second] = ['one', 'two'].map((name) => readFileSync(path(`${name}/embedding.bin`)))
  assert.ok(first!.equals(second!), 'not the same bytes with another number of threads')
  assert.equal(report.bytes, first!.length)

  const embedder = loadEmbedder(path('one'))
  const dot = (a: string, b: string) => {
    const [x, y] = [embedder.embed(a), embedder.embed(b)]
    return x.reduce((sum, value, k) => sum + value * y[k]!, 0)
  }
  assert.ok(dot('star3 star5', 'star30 star35') > dot('star3 star5', 'cell30 cell35') + 0.2)

  writeFileSync(
    path('corpus.jsonl'),
    lines
      .slice(0, 300)
      .map((line) => line.replace('"id"', '"_id"').replace('"abstract"', '"text"'))
      .join('\n'),
  )
  writeFileSync(path('queries.jsonl'), '{"_id":"q","text":"star3 star5"}')
  writeFileSync(path('qrels.tsv'), Array.from({ length: 37 }, (_, n) => `q\tp${n * 8}\t1`).join('\n'))
  const set = ['--corpus', path('corpus.jsonl'), '--queries', path('queries.jsonl'), '--qrels', path('qrels.tsv')]
  const evaluated = await runProgram(['eval', ...set, '--model', path('one'), '--json'], environment(folder))
  assert.equal(evaluated.code, 0, evaluated.stderr)
  assert.equal(JSON.parse(evaluated.stdout).dense.ndcg10, 1, 'the ten nearest are of the subject')
})

test('what cannot be trained on is told in a sentence, before anything is written', async (t) => {
  const folder = temporaryFolder(t)
  const few = join(folder, 'few.jsonl')
  writeFileSync(few, papers(20).join('\n'))
  for (const [args, message] of [
    [['train-embedding', join(folder, 'nowhere.jsonl')], /nowhere\.jsonl cannot be read/],
    [['train-embedding', few], /There are 20 papers with title and abstract; an embedding needs 1000 at least/],
    [['train-embedding', few, '--dims', '100'], /--dims is "100"; expected a multiple of 64/],
    [['train-embedding', few, '--passes', '0'], /--passes is "0"; expected a whole number from 1/],
  ] as const) {
    const { code, stdout, stderr } = await runProgram([...args, '--out', join(folder, 'out')], environment(folder))
    assert.deepEqual([code, stdout], [1, ''], stderr)
    assert.match(stderr, message)
  }
})
