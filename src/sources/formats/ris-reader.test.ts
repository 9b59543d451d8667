import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { type ImportItem, readImport } from '../read-import.ts'

async function read(text: string): Promise<ImportItem[]> {
  const items: ImportItem[] = []
  for await (const batch of readImport(Readable.from([Buffer.from(text)]), { name: 'x.ris' })) items.push(...batch)
  return items
}

test('reads a record with its wrapped lines', async () => {
  const [item] = await read(
    [
      'TY  - JOUR',
      'TI  - On Rounds',
      'AU  - Byron, Ada',
      'AU  - Chen, Carl, Jr.',
      'A1  - The Rounds Group',
      'AB  - We go',
      'round and round.',
      'JO  - J. Rounds',
      'VL  - 12',
      'IS  - 3',
      'SP  - 45',
      'EP  - 67',
      'PY  - 2020',
      'DA  - 2020/05/17/',
      'DO  - 10.1000/ABC',
      'UR  - https://rounds.example/a',
      'KW  - rounds',
      'ER  - ',
      '',
    ].join('\r\n'),
  )
  assert.ok(item?.kind === 'paper')
  assert.deepEqual(item.paper, {
    identifiers: [{ source: 'doi', id: '10.1000/abc' }],
    title: 'On Rounds',
    abstract: 'We go round and round.',
    authors: [{ name: 'Ada Byron' }, { name: 'Carl Chen Jr.' }, { name: 'The Rounds Group' }],
    categories: [],
    versions: [],
    links: [{ kind: 'page', url: 'https://rounds.example/a' }],
    doi: '10.1000/abc',
    datedOn: '2020-05-17',
    journalRef: 'J. Rounds 12(3), 45-67 (2020)',
  })
})

test('finds arXiv papers by DOI, address or note', async () => {
  for (const tag of [
    'DO  - 10.48550/arXiv.2401.00001',
    'UR  - http://arxiv.org/abs/2401.00001',
    'N1  - arXiv:2401.00001 [cs]',
    'AN  - arXiv:2401.00001',
  ]) {
    const [item] = await read(`TY  - JOUR\nT1  - A\nPY  - 2024/01//\n${tag}\nT2  - arXiv:2401.00001\nER  - \n`)
    assert.ok(item?.kind === 'paper')
    assert.deepEqual(item.paper.identifiers, [{ source: 'arxiv', id: '2401.00001' }], tag)
    assert.equal(item.paper.journalRef, undefined)
    assert.equal(item.paper.datedOn, undefined)
  }
})

test('a missing end is forgiven, a missing title is bad, text outside records is told once', async () => {
  const items = await read('TY  - JOUR\nTI  - A\nTY  - JOUR\nAU  - B\nER  - \n\nloose\nwords\nTY  - JOUR\nTI  - C\n')
  assert.deepEqual(
    items.map((item) => [item.line, item.kind === 'paper' ? item.paper.title : item.reason.slice(0, 11)]),
    [
      [1, 'A'],
      [3, 'TI: missing'],
      [7, 'record: exp'],
      [9, 'C'],
    ],
  )
})
