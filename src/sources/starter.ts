import type { PaperRecord } from '../papers/index.ts'

/** A line of `data/starter.jsonl`: facts where they are known with certainty, and a summary in our own words. */
type StarterLine = {
  rank: number
  title: string
  summary: string
  arxivId?: string
  authors?: string[]
  categories?: string[]
  venue?: string
  date?: string
}

/** The papers a new instance starts with, in the order of the file. */
export function readStarter(text: string): PaperRecord[] {
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as StarterLine)
  return lines.sort((a, b) => a.rank - b.rank).map(recordOf)
}

function recordOf({ title, summary, arxivId, authors, categories, venue, date }: StarterLine): PaperRecord {
  return {
    identifiers: arxivId ? [{ source: 'arxiv', id: arxivId }] : [],
    title,
    summary,
    authors: (authors ?? []).map((name) => ({ name })),
    categories: categories ?? [],
    versions: [],
    links: [],
    ...(venue ? { journalRef: venue } : {}),
    ...(date ? { datedOn: date } : {}),
  }
}
