import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePaperAddress } from './paper-address.ts'

const forms: [text: string, expected: string | undefined][] = [
  ['2401.00001', 'arxiv 2401.00001'],
  ['arXiv:2401.00001v3 [cs.LG]', 'arxiv 2401.00001 v3'],
  ['https://arxiv.org/pdf/2401.00001v2.pdf', 'arxiv 2401.00001 v2'],
  ['https://www.alphaxiv.org/abs/2401.00001v1', 'arxiv 2401.00001 v1'],
  ['https://huggingface.co/papers/2401.00001', 'arxiv 2401.00001'],
  ['https://hf.co/papers/2401.00001', 'arxiv 2401.00001'],
  ['https://scirate.com/arxiv/2401.00001', 'arxiv 2401.00001'],
  ['https://doi.org/10.48550/arXiv.2401.00001', 'arxiv 2401.00001'],
  ['10.48550/arXiv.hep-th/9901001', 'arxiv hep-th/9901001'],
  ['hep-th/9901001', 'arxiv hep-th/9901001'],
  ['math.GT/0309136', 'arxiv math/0309136'],
  ['10.1038/S41586-021-03819-2', 'doi 10.1038/s41586-021-03819-2'],
  ['doi:10.1038/s41586-021-03819-2.', 'doi 10.1038/s41586-021-03819-2'],
  ['https://doi.org/10.1145/3442188.3445922', 'doi 10.1145/3442188.3445922'],
  ['https://dl.acm.org/doi/10.1145/3442188.3445922?download=true', 'doi 10.1145/3442188.3445922'],
  ['https://www.biorxiv.org/content/10.1101/2024.01.01.573887v1.full', 'doi 10.1101/2024.01.01.573887'],
  ['https://aclanthology.org/2024.acl-long.1/', 'acl 2024.acl-long.1'],
  ['https://aclanthology.org/P19-1001.pdf', 'acl P19-1001'],
  ['https://openreview.net/forum?id=rJ4km2R5t7', 'openreview rJ4km2R5t7'],
  ['https://papers.example.org/papers/hep-th/9901001', 'arxiv hep-th/9901001'],
  ['https://papers.example.org/papers/title/growing-tomatoes-0a1b2c3d', 'title growing-tomatoes-0a1b2c3d'],
  ['title/growing-tomatoes-0a1b2c3d', 'title growing-tomatoes-0a1b2c3d'],
  ['http://169.254.169.254/latest/meta-data', undefined],
  ['javascript:alert(1)', undefined],
  ['%', undefined],
  ['hello world', undefined],
  ['', undefined],
]

for (const [text, expected] of forms) {
  test(`P24: "${text}" means ${expected ?? 'no paper'}`, () => {
    const found = parsePaperAddress(text)
    const shown =
      found && `${found.identifier.source} ${found.identifier.id}${found.version ? ` v${found.version}` : ''}`
    assert.equal(shown, expected)
  })
}

test('a very long text is read in no time', () => {
  const start = performance.now()
  parsePaperAddress(`10.${'1'.repeat(50_000)}/${'a.'.repeat(50_000)}`)
  parsePaperAddress('openreview.net/forum?'.repeat(5_000))
  assert.ok(performance.now() - start < 3_000)
})
