import assert from 'node:assert/strict'
import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { createGunzip } from 'node:zlib'
import { renderTexHtml } from './render-tex-html.ts'
import { texToLine, texToText } from './tex-to-text.ts'

const file = new URL('../../../../shared/data/arxiv-200k.jsonl.gz', import.meta.url)
const skip = existsSync(file) || process.env.CI ? false : `no ${file.pathname}: nothing to read real abstracts from`

type Paper = { title: string; abstract: string; authors: string[] }

async function papers(count: number): Promise<Paper[]> {
  const found: Paper[] = []
  const input = createReadStream(file).pipe(createGunzip())
  for await (const line of createInterface({ input })) {
    if (found.length === count) break
    found.push(JSON.parse(line) as Paper)
  }
  input.destroy()
  return found
}

test('real titles, abstracts and names: stable, no lost accents, nearly all maths set', { skip }, async () => {
  let withMath = 0
  let broken = 0
  for (const paper of await papers(1500)) {
    for (const raw of [paper.title, paper.abstract]) {
      const display = texToText(raw)
      assert.equal(texToText(display), display)
    }
    for (const name of paper.authors) assert.doesNotMatch(texToLine(name), /\\["'`^~=.HcvukLlo]/, name)
    const html = renderTexHtml(paper.abstract)
    assert.doesNotMatch(html, /<[^>]* style=/)
    if (html.includes('<math') || html.includes('<code')) withMath++
    if (html.includes('<code')) broken++
  }
  assert.ok(withMath > 300, `${withMath} abstracts with maths`)
  // These first papers are from 2008 and full of private commands; over all years it is 3 of 100.
  assert.ok(broken / withMath < 0.12, `${broken} of ${withMath} abstracts show source`)
})
