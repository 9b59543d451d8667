import { existsSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { AppError } from '../errors.ts'
import { packageFile } from '../lib/assets.ts'
import { type EvaluationReport, evaluate, openEngineIndex, type SetQuery } from '../search/index.ts'
import { createProgress } from './progress.ts'
import { type Judgement, type ReadFile, readCorpus, readJudgements, readQueries } from './relevance-set.ts'

type Options = { corpus?: string; queries?: string; qrels?: string; model?: string; json?: boolean }

/**
 * `paperround eval`: how well, and how fast, the search finds what people judged relevant. Indexes exactly the corpus, in
 * memory, with the configuration that is shipped.
 */
export async function run(_args: string[], options: Options): Promise<number> {
  const { corpus: corpusFile, queries: queryFile, qrels: judgementFile } = options
  if (!corpusFile || !queryFile || !judgementFile)
    throw new AppError('bad_request', 'Name the three files of the set: --corpus FILE --queries FILE --qrels FILE')
  const [corpus, queries, judgements] = [
    warned(corpusFile, await readCorpus(corpusFile)),
    warned(queryFile, await readQueries(queryFile)),
    warned(judgementFile, await readJudgements(judgementFile)),
  ]
  const judged = withJudgements(queries, judgements)
  if (corpus.length === 0) throw new AppError('unreadable_file', `${corpusFile} holds no document that can be used.`)
  if (judged.length === 0)
    throw new AppError('unreadable_file', `No query of ${queryFile} has a relevant document in ${judgementFile}.`)
  const model = options.model ?? packageFile('model')
  const hasModel = options.model !== undefined || existsSync(model)
  if (!hasModel) console.error('paperround eval: there is no model; results by meaning are empty')
  const index = await openEngineIndex(hasModel ? { embedder: model } : {})
  try {
    using progress = createProgress('indexing', undefined)
    const report = await evaluate(
      index,
      corpus,
      judged,
      () => performance.now(),
      (records) => progress.update({ records, bytes: 0 }),
    )
    progress[Symbol.dispose]() // what it says must not stand in the report's line
    console.log(options.json ? JSON.stringify(rounded(report)) : asTable(report, corpus.length))
  } finally {
    await index.close()
  }
  return 0
}

function warned<T>(file: string, { rows, bad }: ReadFile<T>): T[] {
  if (bad.count > 0) {
    const more = bad.count > bad.named.length ? `; and ${bad.count - bad.named.length} more` : ''
    console.error(`paperround eval: ${bad.count} line(s) of ${file} skipped: ${bad.named.join('; ')}${more}`)
  }
  return rows
}

/** The queries that have a relevant document, with their judgements: the others cannot be answered well or badly. */
function withJudgements(queries: readonly SetQuery[], judgements: readonly Judgement[]) {
  const byQuery = Map.groupBy(judgements, ({ query }) => query)
  return queries.flatMap(({ id, text }) => {
    const rows = byQuery.get(id) ?? []
    if (!rows.some(({ degree }) => degree > 0)) return []
    return [{ text, judgements: new Map(rows.map(({ document, degree }) => [document, degree])) }]
  })
}

/** Four digits are more than the sets can tell. */
function rounded(report: EvaluationReport): EvaluationReport {
  return JSON.parse(JSON.stringify(report), (_, value) =>
    typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value,
  )
}

function asTable(report: EvaluationReport, documents: number): string {
  const rows = [
    ['', 'nDCG@10', 'Recall@100', 'MRR@10', 'p50 ms', 'p95 ms'],
    ...(
      [
        ['both', report],
        ['words', report.lexical],
        ['meaning', report.dense],
      ] as const
    ).map(([name, arm]) => [
      name,
      ...[arm.ndcg10, arm.recall100, arm.mrr10].map((one) => one.toFixed(3)),
      ...[arm.p50Ms, arm.p95Ms].map((one) => one.toFixed(2)),
    ]),
  ]
  const lines = rows.map((row) => row.map((cell, n) => (n === 0 ? cell.padEnd(8) : cell.padStart(11))).join(''))
  return [`${report.queries} queries over ${documents.toLocaleString('en')} documents`, ...lines].join('\n')
}
