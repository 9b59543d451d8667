import { Command, CommanderError } from 'commander'
import { AppError } from './errors.ts'
import { programVersion } from './lib/assets.ts'

type CommandRun = (args: string[], options: Record<string, unknown>) => Promise<number>
type CommandRow = {
  name: string
  about: string
  arguments?: string
  options?: [flags: string, about: string][]
  load: () => Promise<{ run: CommandRun }>
}

/** Every command of the program. Each is a file in `cli/` whose `run` answers with the exit code. */
export const commands: CommandRow[] = [
  { name: 'serve', about: 'run the site', load: () => import('./cli/serve.ts') },
  {
    name: 'work',
    about: 'do the background work alone: gathering, mail; beside "serve" with PAPERROUND_WORKER=false, or anywhere',
    load: () => import('./cli/work.ts'),
  },
  {
    name: 'import',
    about:
      'read papers from files: JSON Lines, Daily Papers of Hugging Face, BibTeX, RIS, a pasted listing; .gz too, - for standard input',
    arguments: '<file...>',
    options: [
      ['--as <format>', 'take the files as jsonl, daily-papers, dated-list, bibtex, ris or listing'],
      ['--alongside', 'import into the data folder of a program that is running'],
      ['--json', 'print the result as JSON'],
    ],
    load: () => import('./cli/import.ts'),
  },
  {
    name: 'search',
    about: 'find papers by words and by meaning, with the query language of the site; beside a running site, too',
    arguments: '<query...>',
    options: [
      ['--limit <number>', 'how many, from 1 to 100; 10 when left out'],
      ['--sort <order>', 'relevance, newest or upvotes'],
      ['--json', 'print the result as JSON'],
    ],
    load: () => import('./cli/search.ts'),
  },
  {
    name: 'eval',
    about: 'measure the search on a relevance set in BEIR form: nDCG@10, Recall@100, MRR@10, times',
    options: [
      ['--corpus <file>', 'documents: {"_id", "title", "text"} a line; may be packed with gzip'],
      ['--queries <file>', 'queries: {"_id", "text"} a line'],
      ['--qrels <file>', 'judgements: query, document and score, separated by tabs'],
      ['--model <folder>', 'another model than the one shipped'],
      ['--json', 'print the result as JSON'],
    ],
    load: () => import('./cli/eval.ts'),
  },
  {
    name: 'gather',
    about: "fetch arXiv's day now, what was missed, and what changed; stopped anywhere, the next run goes on",
    options: [
      ['--day <day>', 'one past day, such as 2026-03-02'],
      ['--category <categories>', 'these in place of the followed ones, such as cs.AI,math.CO'],
      ['--all', 'the records of all of arXiv: about 3 million, some hours'],
      ['--alongside', 'gather into the data folder of a program that is running'],
    ],
    load: () => import('./cli/gather.ts'),
  },
  {
    name: 'train-embedding',
    about:
      'make an embedding for search by meaning from papers: JSON Lines with id, title and abstract; may be packed with gzip',
    arguments: '<corpus...>',
    options: [
      ['--out <folder>', 'where to write embedding.bin (embedding)'],
      ['--dims <n>', 'numbers in a vector (256)'],
      ['--words <n>', 'words with a row of their own, at most (47000)'],
      ['--pairs <n>', 'pairs of words, at most (41000)'],
      ['--min-papers <n>', 'papers a word must occur in (5)'],
      ['--batch <n>', 'papers that are told apart at once (4096)'],
      ['--passes <n>', 'times each paper is seen (12)'],
      ['--rate <x>', 'width of the steps (0.02)'],
      ['--seed <n>', 'start of the random numbers (1)'],
      ['--threads <n>', 'threads to use; all processors when left out'],
      ['--json', 'print the result as JSON'],
    ],
    load: () => import('./cli/train-embedding.ts'),
  },
  {
    name: 'vectors',
    about: 'list the models outside whose vectors of papers are kept, or forget those of one',
    options: [
      ['--forget <model>', 'delete the vectors of this model, named as the list names it'],
      ['--json', 'print the result as JSON'],
    ],
    load: () => import('./cli/vectors.ts'),
  },
  {
    name: 'digest',
    about:
      'preview shows a digest, send sends what is due (or today’s to one address), status says what became of them',
    arguments: '<preview|send|status...>',
    options: [
      ['--to <address>', 'preview or send what this address has subscribed to'],
      ['--kind <kind>', 'preview: edition, trending, categories, authors, search, similar or picks'],
      ['--about <text>', 'preview: the categories, authors, papers or words it is about'],
      ['--length <number>', 'preview: at most so many papers'],
      ['--html <file>', 'preview: write the HTML part to a file'],
      ['--json', 'print the result as JSON'],
    ],
    load: () => import('./cli/digest.ts'),
  },
  {
    name: 'doctor',
    about: 'print the configuration, what is wrong with it, and whether everything needed is there',
    options: [
      ['--json', 'print it as JSON'],
      ['--mail-to <address>', 'send a test mail there'],
    ],
    load: () => import('./cli/doctor.ts'),
  },
]

/** Exit codes: 0 done, 1 failed, 2 called wrongly, 3 done but for some bad records. */
async function main(argv: string[]): Promise<void> {
  const program = new Command('paperround')
    .description('The daily papers of your own community.')
    .version(programVersion())
    .exitOverride()
    .showHelpAfterError('(paperround --help lists the commands)')
  for (const row of commands) {
    const command = program.command(row.name).description(row.about)
    if (row.arguments) command.argument(row.arguments)
    for (const [flags, about] of row.options ?? []) command.option(flags, about)
    command.action(async (...given: unknown[]) => {
      const args = row.arguments ? (given[0] as string[]) : []
      const { run } = await row.load()
      process.exitCode = await run(args, command.opts())
    })
  }
  try {
    await program.parseAsync(argv)
  } catch (error) {
    process.exitCode = exitCodeOf(error)
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (!(error instanceof AppError)) {
    console.error(
      `paperround: something unexpected. Please report it with these lines:\n${(error as Error).stack ?? error}`,
    )
    return 1
  }
  console.error(`paperround: ${error.message}`)
  return error.code === 'bad_configuration' || error.code === 'unknown_format' ? 2 : 1
}

await main(process.argv)
