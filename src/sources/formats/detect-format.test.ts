import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detectFormat } from './detect-format.ts'

const cases: [head: string, name: string, format: string | undefined][] = [
  ['{"title":"A"}\n', 'x', 'jsonl'],
  ['[{"title":"A"}]', 'x', 'jsonl'],
  ['  \n{"title":"A \\"paper\\": {"}\n', 'x', 'jsonl'],
  ['{"id":"1","title":"A","date":"2024-01-01"}\n', 'x', 'jsonl'],
  ['{"date":"2024-01-01","id":"1","upvotes":3}\n', 'x', 'dated-list'],
  ['[{"paper":{"id":"1"}}]', 'x', 'daily-papers'],
  ['{"2024-01-01":[]}', 'x', 'daily-papers'],
  ['{"date":"2024-01-01","papers":[]}', 'x', 'daily-papers'],
  ['[{"id":"1","upvotes":3,"publishedAt":"x"}]', 'x', 'daily-papers'],
  ['broken\n{"title":"A"}\n', 'x.jsonl', 'jsonl'],
  ['% notes\n\n@Article{a,\n', 'x', 'bibtex'],
  ['% nothing yet\n', 'x.bib', 'bibtex'],
  ['\r\nTY  - JOUR\r\n', 'x', 'ris'],
  ['A title\n\nAn abstract.\n', 'x', 'listing'],
  ['A title\r\n\r\nAn abstract.\r\n', 'x', 'listing'],
  ['just one line\n', 'x', undefined],
  ['<html>\n\n<p>x', 'x', undefined],
  ['%PDF-1.7\n\nx', 'x', undefined],
  ['\u0001\u0002\u0003\u0004\u0005\u0006\n\nx', 'x', undefined],
]

for (const [head, name, format] of cases) {
  test(`takes ${JSON.stringify(head)} in ${name} for ${format}`, () => assert.equal(detectFormat(head, name), format))
}
