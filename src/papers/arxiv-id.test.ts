import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import { test } from 'node:test'
import { fc } from '../../tests/property.ts'
import { arxivMonth, arxivSortKey, parseArxivId } from './arxiv-id.ts'

const accepted: [text: string, id: string, version?: number][] = [
  ['0706.0001', '0706.0001'],
  ['0704.0001', '0704.0001'],
  ['1412.7878v2', '1412.7878', 2],
  ['2605.05242', '2605.05242'],
  ['2605.05242v12', '2605.05242', 12],
  ['1501.1234', '1501.01234'],
  ['9912.12345', '9912.12345'],
  ['hep-th/9901001', 'hep-th/9901001'],
  ['math/0309136v1', 'math/0309136', 1],
  ['math.GT/0309136', 'math/0309136'],
  ['cond-mat.stat-mech/0301001v3', 'cond-mat/0301001', 3],
  ['cmp-lg/9404001', 'cmp-lg/9404001'],
  ['atom-ph/9601001', 'atom-ph/9601001'],
  ['hep-th/9107001', 'hep-th/9107001'],
  ['math/0703999', 'math/0703999'],
  ['hepth/9901001', 'hep-th/9901001'],
  ['Hep-Th//9901001', 'hep-th/9901001'],
  ['HEP--TH/9901001V2', 'hep-th/9901001', 2],
  ['arXiv:2401.00001v2', '2401.00001', 2],
  ['arxiv:2401.00001', '2401.00001'],
  ['ARXIV: 2401.00001', '2401.00001'],
  ['arXiv 2401.00001', '2401.00001'],
  ['arXiv:math.GT/0309136', 'math/0309136'],
  ['oai:arXiv.org:2401.00001', '2401.00001'],
  ['oai:arXiv.org:hep-th/9901001', 'hep-th/9901001'],
  ['10.48550/arXiv.2401.00001', '2401.00001'],
  ['10.48550/arxiv.hep-th/9901001', 'hep-th/9901001'],
  ['https://doi.org/10.48550/arXiv.2401.00001', '2401.00001'],
  ['https://doi.org/10.48550%2FarXiv.2401.00001', '2401.00001'],
  ['https://arxiv.org/abs/2401.00001', '2401.00001'],
  ['http://www.arxiv.org/pdf/2401.00001v3.pdf', '2401.00001', 3],
  ['https://export.arxiv.org/abs/math/0309136v1/', 'math/0309136', 1],
  ['arxiv.org/html/2401.00001v1#S2.SS1', '2401.00001', 1],
  ['https://arxiv.org/src/2401.00001', '2401.00001'],
  ['https://arxiv.org/e-print/2401.00001', '2401.00001'],
  ['https://arxiv.org/format/2401.00001', '2401.00001'],
  ['https://arxiv.org/ps/hep-th/9901001', 'hep-th/9901001'],
  ['https://arxiv.org/tb/2401.00001', '2401.00001'],
  ['https://arxiv.org/abs/2401.00001?context=cs.LG', '2401.00001'],
  ['https://arxiv.org/pdf/hep-th/9901001v2.pdf?download=1#page=4', 'hep-th/9901001', 2],
  ['https://arxiv.org/abs/math.GT%2F0309136', 'math/0309136'],
  ['https://ar5iv.org/abs/2401.00001', '2401.00001'],
  ['https://ar5iv.labs.arxiv.org/html/2401.00001', '2401.00001'],
  ['https://www.alphaxiv.org/abs/2401.00001v2', '2401.00001', 2],
  ['https://alphaxiv.org/overview/2401.00001', '2401.00001'],
  ['https://www.alphaxiv.org/pdf/2401.00001', '2401.00001'],
  ['https://huggingface.co/papers/2401.00001#community', '2401.00001'],
  ['hf.co/papers/2401.00001', '2401.00001'],
  ['https://scirate.com/arxiv/2401.00001', '2401.00001'],
  ['https://scirate.com/arxiv/hep-th/9901001', 'hep-th/9901001'],
  ['２４０１．００００１', '2401.00001'],
  ['arXiv：２４０１.００００１ｖ２', '2401.00001', 2],
  ['hep‐th/9901001', 'hep-th/9901001'],
  ['hep–th/9901001', 'hep-th/9901001'],
  ['  2401.00001\n', '2401.00001'],
  ['[2401.00001]', '2401.00001'],
  ['(arXiv:2401.00001v2)', '2401.00001', 2],
  ['<https://arxiv.org/abs/2401.00001>', '2401.00001'],
  ['see arXiv:2401.00001v2 [cs.LG]', '2401.00001', 2],
  ['Ada et al., 2401.00001.', '2401.00001'],
  ['on 1203.1234 see arXiv:2401.00001', '2401.00001'],
  ['/abs/2401.00001', '2401.00001'],
  ['2401.00001v2.pdf', '2401.00001', 2],
]

for (const [text, id, version] of accepted) {
  test(`P24: reads ${JSON.stringify(text)}`, () => {
    assert.deepEqual(parseArxivId(text), version === undefined ? { id } : { id, version })
  })
}

const refused = [
  '',
  'hello',
  '1234.12345',
  '0000.0000',
  '2400.00001',
  '2413.00001',
  '2401.00000',
  '2401.0000',
  'arXiv:2401.00000v1',
  '0703.0001',
  '0612.1234',
  '1412.00001',
  '2401.000012',
  '12401.00001',
  '2401.00001v0',
  '2401.00001v',
  '2401.00001v01',
  '2401.001',
  '2401.00001.5',
  'hep-th/9106001',
  'hep-th/0704001',
  'hep-th/9913001',
  'hep-th/9901000',
  'hep-th/9901001v0',
  'hep-th/99010010',
  'foo-ba/9901001',
  'xhep-th/9901001',
  '10.1016/j.cell.2008.01234',
  '10.1103/1502.12345',
  'https://example.com/2401.00001',
  'https://example.com/abs/2401.00001',
  'https://notarxiv.org/abs/2401.00001',
  'https://arxiv.org.example.com/abs/2401.00001',
  'https://arxiv.org/list/cs/2401',
  '__proto__/9901001',
  'constructor',
]

for (const text of refused) {
  test(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseArxivId(text), undefined))
}

const anyId = fc.oneof(
  fc
    .tuple(fc.integer({ min: 15, max: 99 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 99_999 }))
    .map(([year, month, number]) => `${year}${String(month).padStart(2, '0')}.${String(number).padStart(5, '0')}`),
  fc
    .tuple(
      fc.constantFrom('hep-th', 'math', 'cmp-lg', 'q-bio'),
      fc.integer({ min: 92, max: 99 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 999 }),
    )
    .map(
      ([archive, year, month, number]) =>
        `${archive}/${year}${String(month).padStart(2, '0')}${String(number).padStart(3, '0')}`,
    ),
)

test('every decoration of an id gives the id back', () => {
  const decorations: ((id: string) => string)[] = [
    (id) => id,
    (id) => `arXiv:${id}`,
    (id) => `https://arxiv.org/pdf/${id}.pdf`,
    (id) => `10.48550/arXiv.${id}`,
    (id) => `(see ${id.toUpperCase()}, page 3)`,
    (id) => `https://huggingface.co/papers/${id}?ref=x`,
  ]
  fc.assert(
    fc.property(anyId, fc.constantFrom(...decorations), (id, decorate) => {
      assert.deepEqual(parseArxivId(decorate(id)), { id })
      assert.deepEqual(parseArxivId(decorate(`${id}v7`)), { id, version: 7 })
    }),
  )
})

test('whatever is found is itself an id that is found again', () => {
  const pieces = fc.constantFrom(
    'arxiv',
    ':',
    '/',
    '.',
    '2401',
    '00001',
    'v2',
    'hep-th',
    '9901001',
    ' ',
    'abs',
    '-',
    '１',
  )
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
      (text) => {
        const found = parseArxivId(text)
        if (found) assert.deepEqual(parseArxivId(found.id), { id: found.id })
      },
    ),
    { numRuns: 2_000 },
  )
})

test('hostile input is read in linear time', () => {
  for (const piece of [
    'arxiv',
    '2401.0000',
    'hep-th/990100',
    '1',
    '-',
    'abs/',
    '%2F',
    'https://arxiv.org/',
    '９',
    'a--b/',
    '2401.00001v0 ',
  ]) {
    const text = piece.repeat(Math.ceil(500_000 / piece.length))
    const startedAt = performance.now()
    parseArxivId(text)
    assert.ok(performance.now() - startedAt < 2_000, `${piece} took ${performance.now() - startedAt} ms`)
  }
})

test('ids sort by year, month and number, never as text', () => {
  const inOrder = [
    'hep-th/9107001',
    'math/9912001',
    'math/0001001',
    '0704.0001',
    '1412.9999',
    '1501.00001',
    '2401.00002',
    '2401.10000',
  ]
  assert.deepEqual(
    [...inOrder].sort().sort((a, b) => arxivSortKey(a) - arxivSortKey(b)),
    inOrder,
  )
})

test('the month of an id is the month of its first announcement', () => {
  assert.equal(arxivMonth('2401.00001'), '2024-01')
  assert.equal(arxivMonth('hep-th/9912001'), '1999-12')
  assert.equal(arxivMonth('math/0309136'), '2003-09')
  assert.throws(() => arxivMonth('abc'), { code: 'bad_identifier' })
})
