import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fc } from '../../tests/property.ts'
import { type CitationPaper, citeKey, citeKeys, toBibtex, toCslJson, toRis } from './citation.ts'

const seeds = new URL('../../../shared/data/seed-papers.jsonl', import.meta.url)
const skip = existsSync(seeds) || process.env.CI ? false : 'the folder ../shared is not here'

const lanterns: CitationPaper = {
  title: 'The Counting of Lanterns with LoRA and $O(n^2)$ Memory',
  authors: ['Ada Byron', 'Ben van der Berg', 'Carl Chen Jr.', 'XYZ Collaboration'],
  year: 2026,
  month: 3,
  arxivId: '2603.00001',
  primaryCategory: 'cs.CL',
  url: 'https://arxiv.org/abs/2603.00001',
  abstract: 'We count lanterns.\n\nThen we stop.',
  version: 2,
}

/** A small reader that follows BibTeX's own rules: braces are counted, backslashes do not matter. */
function readEntry(entry: string): Record<string, string> {
  const [, body] = /^@misc\{[A-Za-z0-9-]+,\n(.*)\}\n$/s.exec(entry) ?? assert.fail(`no entry: ${entry}`)
  const fields: Record<string, string> = {}
  let rest = body!
  while (rest !== '') {
    const [opening, name] = /^ {2}(\w+)=\{/.exec(rest) ?? assert.fail(`no field at: ${rest}`)
    let depth = 1
    let end = opening.length
    for (; depth > 0; end++) {
      assert.ok(end < rest.length, `the braces of ${name} do not match: ${entry}`)
      if (rest[end] === '{') depth++
      if (rest[end] === '}') depth--
    }
    fields[name!] = rest.slice(opening.length, end - 1)
    assert.equal(rest.slice(end, end + 2), ',\n')
    rest = rest.slice(end + 2)
  }
  return fields
}

/** What TeX would print for a field without formulas. */
function asPrinted(text: string): string {
  const commands: Record<string, string> = {
    'textbackslash{}': '\\',
    'textasciitilde{}': '~',
    'textasciicircum{}': '^',
    textbraceleft: '{',
    textbraceright: '}',
  }
  const token =
    /\\(textbackslash\{\}|textasciitilde\{\}|textasciicircum\{\}|textbraceleft|textbraceright|[&%#_${}])|[{}]/g
  return text.replace(token, (_, command?: string) => (command === undefined ? '' : (commands[command] ?? command)))
}

test('BibTeX looks like that of arXiv', () => {
  assert.equal(
    toBibtex(lanterns),
    `@misc{byron2026counting,
  title={The Counting of Lanterns with {LoRA} and {$O(n^2)$} Memory},
  author={Ada Byron and Ben van der Berg and Chen, Jr., Carl and {XYZ Collaboration}},
  year={2026},
  eprint={2603.00001},
  archivePrefix={arXiv},
  primaryClass={cs.CL},
  url={https://arxiv.org/abs/2603.00001},
}
`,
  )
})

test('P31: authors keep the order of the paper in all three forms', () => {
  const authors = ['Zoe Young', 'Ada Byron', 'Mia Moss', 'Ben Ash']
  const paper = { ...lanterns, authors }
  assert.equal(readEntry(toBibtex(paper)).author, authors.join(' and '))
  const inverted = ['Young, Zoe', 'Byron, Ada', 'Moss, Mia', 'Ash, Ben']
  assert.deepEqual(
    [...toRis(paper).matchAll(/^AU {2}- (.*)\r$/gm)].map((line) => line[1]),
    inverted,
  )
  assert.deepEqual(
    toCslJson(paper).author.map((name) => 'family' in name && `${name.family}, ${name.given}`),
    inverted,
  )
})

test('what is not known is left out', () => {
  const bare = { title: '0', authors: [], url: 'https://example.org/0' }
  assert.equal(toBibtex(bare), '@misc{anonymous0,\n  title={0},\n  url={https://example.org/0},\n}\n')
  assert.equal(toRis(bare), 'TY  - GEN\r\nTI  - 0\r\nUR  - https://example.org/0\r\nER  - \r\n')
  assert.deepEqual(toCslJson(bare), {
    id: 'anonymous0',
    type: 'article',
    title: '0',
    author: [],
    URL: 'https://example.org/0',
  })
})

test('signs that TeX would act on are escaped outside formulas and left alone inside', () => {
  const title = (text: string) => readEntry(toBibtex({ ...lanterns, title: text })).title
  assert.equal(title('50% of R&D: a_b #1 ~ x^y'), '50\\% of R\\&D: a\\_b \\#1 \\textasciitilde{} x\\textasciicircum{}y')
  assert.equal(title('a {b} \\c'), 'a \\{b\\} \\textbackslash{}c')
  assert.equal(title('a } b'), 'a {\\textbraceright} b')
  assert.equal(title('for $x_1 \\sqrt{a}$ and $\\Delta$'), 'for $x_1 \\sqrt{a}$ and {$\\Delta$}')
  assert.equal(title('from $5 to $10 a day'), 'from \\$5 to \\$10 a day')
  assert.equal(title('half $\\left\\{ x \\right.$ open'), 'half $\\left\\lbrace  x \\right.$ open')
  assert.equal(title('$\\hbox{in $R^n$}$ and \\$100 for $ k $'), '{$\\hbox{in $R^n$}$} and \\$100 for $ k $')
  assert.equal(title('broken $x_{1$ formula'), 'broken \\$x\\_{\\textbraceleft}1\\$ formula')
})

test('only words with inner capitals get braces', () => {
  const title = (text: string) => readEntry(toBibtex({ ...lanterns, title: text })).title
  assert.equal(title('Large Vision-Language Models in 3D'), 'Large Vision-Language Models in {3D}')
  assert.equal(title('GPT-4 (LLMs) meets arXiv, mRNA and A'), '{GPT}-4 ({LLMs}) meets {arXiv}, {mRNA} and A')
})

test('letters outside ASCII stay, the key is ASCII', () => {
  const paper = { ...lanterns, title: 'Über die Größe', authors: ['Paul Erdős', 'Søren Łukasiewicz'] }
  const entry = toBibtex(paper)
  assert.equal(readEntry(entry).author, 'Paul Erdős and Søren Łukasiewicz')
  assert.equal(readEntry(entry).title, 'Über die Größe')
  assert.equal(citeKey(paper), 'erdos2026uber')
  assert.equal(citeKey({ ...paper, authors: ['Ben van der Ørsted'] }), 'vanderorsted2026uber')
  assert.equal(citeKey({ ...paper, title: '关于 $L$ 的 Notes', authors: ['王小明'] }), 'anonymous2026notes')
})

test('a publication becomes the note, DOI and address stay as they are', () => {
  const fields = readEntry(
    toBibtex({ ...lanterns, doi: '10.1007/978_3', journalRef: 'A & B 5, 1 (2026)', url: 'https://x.org/a_b?c=%20' }),
  )
  assert.equal(fields.doi, '10.1007/978_3')
  assert.equal(fields.note, 'A \\& B 5, 1 (2026)')
  assert.equal(fields.url, 'https://x.org/a_b?c=%20')
})

test('RIS and CSL-JSON carry identifiers, dates and names taken apart', () => {
  assert.equal(
    toRis(lanterns),
    [
      'TY  - UNPB',
      'TI  - The Counting of Lanterns with LoRA and $O(n^2)$ Memory',
      'AU  - Byron, Ada',
      'AU  - van der Berg, Ben',
      'AU  - Chen, Carl, Jr.',
      'AU  - XYZ Collaboration',
      'PY  - 2026',
      'DA  - 2026/03//',
      'AB  - We count lanterns. Then we stop.',
      'PB  - arXiv',
      'AN  - arXiv:2603.00001',
      'UR  - https://arxiv.org/abs/2603.00001',
      'ER  - ',
      '',
    ].join('\r\n'),
  )
  const item = toCslJson(lanterns)
  assert.deepEqual(item.author.slice(2), [
    { family: 'Chen', given: 'Carl', suffix: 'Jr.' },
    { literal: 'XYZ Collaboration' },
  ])
  assert.deepEqual(item.issued, { 'date-parts': [[2026, 3]] })
  assert.equal(item.number, 'arXiv:2603.00001')
  assert.equal(item.version, '2')
})

test('a dollar that is no formula is a plain dollar in RIS and CSL-JSON', () => {
  const paper = { ...lanterns, title: 'Under \\$100 with $x_1$' }
  assert.match(toRis(paper), /^TI {2}- Under \$100 with \$x_1\$\r$/m)
  assert.equal(toCslJson(paper).title, 'Under $100 with $x_1$')
})

test('keys in one list differ', () => {
  assert.deepEqual(citeKeys([lanterns, lanterns, lanterns]), [
    'byron2026counting',
    'byron2026countingb',
    'byron2026countingc',
  ])
  assert.equal(new Set(citeKeys(Array(60).fill(lanterns))).size, 60)
})

test('P38: whatever a title or a name contains, the entry can be read and prints the same text', () => {
  const texts = fc.string({ unit: fc.constantFrom(...'aB3 é{}\\%&#_~^$,"@='), maxLength: 20 })
  const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()
  fc.assert(
    fc.property(texts, texts, (title, name) => {
      const fields = readEntry(toBibtex({ ...lanterns, title, authors: [name], journalRef: title, doi: title }))
      assert.equal(asPrinted(fields.note ?? ''), oneLine(title))
      if (!title.includes('$')) assert.equal(asPrinted(fields.title!), oneLine(title).replace(/\\([{}])/g, '$1'))
      assert.equal(toRis({ ...lanterns, abstract: `${title}\nER  - \n${name}` }).split('\r\n').length, 14)
    }),
    { numRuns: 2000 },
  )
})

test('real titles come back from BibTeX unchanged', { skip }, () => {
  const papers = readFileSync(seeds, 'utf8').trim().split('\n')
  for (const line of papers) {
    const { title } = JSON.parse(line) as { title: string }
    if (!title.includes('$')) assert.equal(asPrinted(readEntry(toBibtex({ ...lanterns, title })).title!), title)
  }
})
