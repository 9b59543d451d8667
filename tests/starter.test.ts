import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { packageRoot } from '../src/lib/assets.ts'
import { sharedFile, withoutShared } from './shared.ts'

type Paper = {
  rank: number
  title: string
  authors?: string[]
  categories?: string[]
  venue?: string
  date?: string
}
type StarterPaper = Paper & { arxivId?: string; summary: string }
type SeedPaper = Paper & { arxiv_id?: string; abstract: string }

const longestShared = 5

function readLines<Line>(path: string): Line[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

const starter = readLines<StarterPaper>(join(packageRoot, 'data', 'starter.jsonl'))

/** Words without case or punctuation; a hyphen either parts two words or, with `joint` '', binds them. */
function words(text: string, joint: '' | ' '): string[] {
  const bare = text.toLowerCase().replace(/[^\p{L}\p{N}\s]/gu, joint)
  return bare.split(/\s+/).filter((word) => word !== '')
}

function runs(text: string, joint: '' | ' '): Set<string> {
  const all = words(text, joint)
  const length = longestShared + 1
  return new Set(all.slice(length - 1).map((_, start) => all.slice(start, start + length).join(' ')))
}

/** Runs of six words that stand in both texts, those of the title excepted. */
function sharedRuns(summary: string, abstract: string, title: string): string[] {
  return (['', ' '] as const).flatMap((joint) => {
    const known = runs(abstract, joint)
    const ofTitle = runs(title, joint)
    return [...runs(summary, joint)].filter((run) => known.has(run) && !ofTitle.has(run))
  })
}

describe('the starter edition', () => {
  test('has 75 papers ranked 1 to 75, each with a title of its own', () => {
    assert.deepEqual(
      starter.map((paper) => paper.rank),
      Array.from({ length: 75 }, (_, index) => index + 1),
    )
    for (const { rank, title } of starter) assert.ok(title.trim() === title && title !== '', `title of ${rank}`)
    assert.equal(new Set(starter.map((paper) => paper.title.toLowerCase())).size, 75)
  })

  test('sums up each paper in two or three plain sentences of 25 to 80 words', () => {
    for (const { rank, summary } of starter) {
      const sentences = summary.match(/[.!?](?=\s|$)/g)?.length ?? 0
      assert.ok(sentences === 2 || sentences === 3, `paper ${rank}: ${sentences} sentences`)
      assert.match(summary, /^[A-Z].*[.!?]$/, `paper ${rank} starts and ends as a sentence`)
      const count = summary.split(/\s+/).length
      assert.ok(count >= 25 && count <= 80, `paper ${rank}: ${count} words`)
      assert.doesNotMatch(summary, /[\\${}^_~`<>]/, `paper ${rank} has markup`)
    }
    assert.equal(new Set(starter.map((paper) => paper.summary)).size, 75)
  })

  test('has well-formed facts, and no field but the known ones', () => {
    const known = ['rank', 'title', 'arxivId', 'authors', 'categories', 'venue', 'date', 'summary']
    for (const paper of starter) {
      assert.deepEqual(
        Object.keys(paper).filter((key) => !known.includes(key)),
        [],
        `fields of ${paper.rank}`,
      )
      if (paper.arxivId !== undefined) assert.match(paper.arxivId, /^\d{4}\.\d{4,5}$/)
      if (paper.date !== undefined) assert.match(paper.date, /^\d{4}-\d{2}-\d{2}$/)
      for (const list of [paper.authors, paper.categories]) {
        assert.ok(list === undefined || (list.length > 0 && list.every((entry) => entry.trim() !== '')))
      }
    }
    const ids = starter.flatMap((paper) => paper.arxivId ?? [])
    assert.equal(new Set(ids).size, ids.length)
  })
})

test('a run of six shared words is found through case and punctuation, but not within the title', () => {
  const abstract = 'We show, at last, that Two-Layer nets learn XOR clusters quickly.'
  assert.deepEqual(sharedRuns('At last that two layer nets fail.', abstract, ''), ['at last that two layer nets'])
  assert.deepEqual(sharedRuns('At last that two layer models learn.', abstract, ''), [])
  assert.deepEqual(sharedRuns('At last that two-layer nets fail.', abstract, 'At Last That Two-Layer Nets'), [])
})

const seedPath = 'data/seed-papers.jsonl'

describe('the starter edition beside the papers it is about', { skip: withoutShared(seedPath) }, () => {
  const readSeed = () => readLines<SeedPaper>(sharedFile(seedPath))

  test('has their order, titles and facts, and none they do not have', () => {
    const facts = ({ summary, ...paper }: StarterPaper) => paper
    const seedFacts = ({ abstract, arxiv_id, ...paper }: SeedPaper) =>
      arxiv_id === undefined ? paper : { ...paper, arxivId: arxiv_id }
    assert.deepEqual(starter.map(facts), readSeed().map(seedFacts))
  })

  test('shares no run of six words with an abstract', () => {
    for (const [index, { abstract, title, rank }] of readSeed().entries()) {
      assert.deepEqual(sharedRuns(starter[index]?.summary ?? '', abstract, title), [], `paper ${rank}`)
    }
  })
})
