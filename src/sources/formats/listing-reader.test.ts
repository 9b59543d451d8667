import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { type ImportItem, readImport } from '../read-import.ts'

async function read(text: string): Promise<(string | number)[][]> {
  const items: ImportItem[] = []
  for await (const batch of readImport(Readable.from([Buffer.from(text)]), { name: 'page.txt' })) items.push(...batch)
  return items.map((item) =>
    item.kind === 'paper' ? [item.line, item.paper.title, item.paper.abstract!] : [item.line, item.reason],
  )
}

const long = 'We go round and round, and this sentence makes an abstract as long as they are. '.repeat(5).trim()

test('reads titles and abstracts by turns, with any blank lines and line ends', async () => {
  const expected = (lines: number[]) => [
    [lines[0], 'Title A', 'Abstract A.'],
    [lines[1], 'Title B', 'Abstract B.'],
  ]
  assert.deepEqual(await read('Title A\n\nAbstract A.\n\nTitle B\n\nAbstract B.'), expected([1, 5]))
  assert.deepEqual(
    await read('\r\n\r\nTitle A\r\n\r\n\r\nAbstract A.\r\n \t\r\nTitle B\r\n\r\nAbstract B.\r\n\r\n'),
    expected([3, 8]),
  )
})

test('wrapped lines are joined', async () => {
  assert.deepEqual(await read('A title\n  that wraps\n\nAn abstract\nover lines.\n'), [
    [1, 'A title that wraps', 'An abstract over lines.'],
  ])
})

test('a title without abstract, a loose line and an abstract without title are bad, the others are read', async () => {
  const items = await read(
    `Title A\n\n${long}\n\nLoose line\n\nTitle B\n\n${long}\n\n${long} ${long}\n\nTitle C\n\n${long}\n\nTitle D\n`,
  )
  assert.deepEqual(
    items.map(([line, text]) => [line, String(text).slice(0, 30)]),
    [
      [1, 'Title A'],
      [5, 'paragraph: expected an abstrac'],
      [7, 'Title B'],
      [11, 'paragraph: expected a title, g'],
      [13, 'Title C'],
      [17, 'paragraph: expected an abstrac'],
    ],
  )
})
