import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { PassThrough, Readable } from 'node:stream'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { fc } from '../../tests/property.ts'
import { type ImportFormat, type ImportItem, importFormats, readImport } from './read-import.ts'

type Options = { name?: string; as?: ImportFormat }

async function read(input: Readable | string | Buffer | Buffer[], options: Options = {}): Promise<ImportItem[]> {
  const stream =
    input instanceof Readable ? input : Readable.from(Array.isArray(input) ? input : [Buffer.from(input as string)])
  const items: ImportItem[] = []
  for await (const batch of readImport(stream, { name: 'papers', ...options })) items.push(...batch)
  return items
}

const titles = (items: ImportItem[]) =>
  items.map((item) => (item.kind === 'paper' ? item.paper.title : `bad ${item.line}`))
const line = (title: string) => `${JSON.stringify({ title })}\n`
const manyLines = (count: number) => Array.from({ length: count }, (_, index) => line(`Paper ${index}`)).join('')

test('the format is told once, before the first paper', async () => {
  const seen: string[] = []
  for await (const items of readImport(Readable.from([Buffer.from(line('A'))]), {
    name: 'x',
    onFormat: (format) => seen.push(format),
  })) {
    seen.push(String(items.length))
  }
  assert.deepEqual(seen, ['jsonl', '1'])
})

test('empty files, blank files and files of a byte order mark alone hold no papers', async () => {
  for (const bytes of ['', '\n\n  \n', '\ufeff', Buffer.from([0xff, 0xfe]), gzipSync(''), '[]', '{}\n'.slice(3)]) {
    assert.deepEqual(await read(bytes), [])
    assert.deepEqual(await read(bytes, { as: 'bibtex' }), [])
  }
})

test('gzip is known by its bytes, one or many members, whatever the name says', async () => {
  assert.deepEqual(titles(await read(gzipSync(line('A')), { name: 'a.jsonl' })), ['A'])
  const members = Buffer.concat([gzipSync(line('A')), gzipSync(line('B'))])
  assert.deepEqual(titles(await read(members)), ['A', 'B'])
  assert.deepEqual(titles(await read(Buffer.concat([gzipSync(line('A')), Buffer.alloc(512)]))), ['A'])
  assert.deepEqual(titles(await read(line('A'), { name: 'a.jsonl.gz' })), ['A'])
  const bytewise = [...members].map((byte) => Buffer.from([byte]))
  assert.deepEqual(titles(await read(bytewise)), ['A', 'B'])
})

test('a gzip file that is cut off gives everything before the cut and says so once, at the end', async () => {
  const whole = gzipSync(
    Array.from({ length: 5_000 }, (_, index) => line(`Paper ${index} ${Math.sin(index)}`)).join(''),
  )
  const items = await read(whole.subarray(0, whole.length / 2))
  const bad = items.filter((item) => item.kind === 'bad')
  assert.equal(bad.length, 1)
  assert.equal(bad[0], items.at(-1))
  assert.match(bad[0]!.reason, /breaks off.*cut off/)
  assert.ok(items.length > 2_000, `only ${items.length} items`)
  assert.equal(titles(items)[items.length - 2], `Paper ${items.length - 2} ${Math.sin(items.length - 2)}`)
  assert.equal(bad[0]!.line, items.length)
})

test('a damaged gzip file is a bad item, not an exception', async () => {
  const whole = gzipSync(
    Array.from({ length: 20_000 }, (_, index) => line(`Paper ${index} ${Math.sin(index)}`)).join(''),
  )
  whole.fill(0xff, whole.length - 5_000, whole.length - 4_000)
  const items = await read(whole)
  assert.ok(items.length > 10_000)
  assert.match((items.at(-1) as { reason: string }).reason, /damaged/)
})

test('a stream that fails gives everything before, then one bad item that says why', async () => {
  async function* failing() {
    yield Buffer.from(`${line('A')}${line('B')}{"title": "un`)
    throw new Error('the disk is gone')
  }
  const items = await read(Readable.from(failing()))
  assert.deepEqual(titles(items), ['A', 'B', 'bad 3'])
  assert.match((items[2] as { reason: string }).reason, /the disk is gone/)
})

test('what had arrived before a connection broke is not lost', async () => {
  const stream = new PassThrough()
  const reading = read(stream)
  stream.write(line('A'))
  stream.write(line('B'))
  setImmediate(() => stream.destroy(new Error('connection reset')))
  assert.deepEqual(titles(await reading).slice(0, 2), ['A', 'B'])
})

test('nothing to read at all is unreadable_file; something that is no list of papers is unknown_format', async () => {
  await assert.rejects(read(createReadStream('/no/such/file')), { code: 'unreadable_file' })
  await assert.rejects(read(gzipSync('x').subarray(0, 5)), { code: 'unreadable_file' })
  await assert.rejects(read(Buffer.from([0x1f, 0x8b, 0x77, 0x77, 1, 2, 3])), { code: 'unreadable_file' })
  await assert.rejects(read('%PDF-1.7\n%âãÏÓ'), { code: 'unknown_format', message: /PDF/ })
  await assert.rejects(read('PK\x03\x04abc'), { code: 'unknown_format', message: /ZIP/ })
  await assert.rejects(read('<!doctype html><p>x'), { code: 'unknown_format', message: /HTML/ })
  await assert.rejects(read(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2])), {
    code: 'unknown_format',
    message: /unpack/,
  })
  await assert.rejects(read('hello'), { code: 'unknown_format', message: /--as/ })
})

test('byte order marks and UTF-16 are understood', async () => {
  const text = `${line('Zürich')}${line('数')}`
  const swapped = Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
  for (const bytes of [
    Buffer.from(`\ufeff${text}`),
    Buffer.from(`\ufeff${text}`, 'utf16le'),
    swapped,
    gzipSync(`\ufeff${text}`),
  ]) {
    assert.deepEqual(titles(await read(bytes)), ['Zürich', '数'])
  }
})

test('P37: bytes that are no UTF-8 are read as Windows-1252, and only in the record they are in', async () => {
  const bytes = Buffer.concat([
    Buffer.from(line('Ünder')),
    Buffer.from('{"title":"W\xfcbben \x96 caf\xe9"}\n', 'latin1'),
    Buffer.from(line('数')),
  ])
  assert.deepEqual(titles(await read(bytes)), ['Ünder', 'Wübben – café', '数'])
})

test('a line of 50 MB is skipped, counted and named, and reading goes on after it', async () => {
  async function* lines() {
    yield Buffer.from(`${line('A')}{"title":"`)
    for (let piece = 0; piece < 50; piece++) yield Buffer.alloc(1024 * 1024, 'x')
    yield Buffer.from(`"}\n${line('B')}`)
  }
  const before = process.memoryUsage().arrayBuffers
  const items = await read(Readable.from(lines(), { objectMode: true }))
  assert.deepEqual(titles(items), ['A', 'bad 2', 'B'])
  assert.match((items[1] as { reason: string }).reason, /52,428,8\d\d bytes/)
  assert.equal(items[2]!.line, 3)
  assert.ok(process.memoryUsage().arrayBuffers - before < 64e6)
  assert.deepEqual(titles(await read(Buffer.from(`${line('A')}${'x'.repeat(9e6)}\n${line('B')}`))), ['A', 'bad 2', 'B'])
  assert.deepEqual(titles(await read(Buffer.from(`${line('A')}${'x'.repeat(9e6)}`))), ['A', 'bad 2'])
})

test('bytes tell how much of the file has been read, as packed', async () => {
  const packed = gzipSync(manyLines(2_000))
  const items = await read([packed.subarray(0, 3_000), packed.subarray(3_000)])
  assert.equal(items.length, 2_000)
  assert.equal(items.at(-1)!.bytes, packed.length)
  assert.ok(items[0]!.bytes <= items[1_000]!.bytes)
})

test('a reader who stops early closes the file', async () => {
  const stream = Readable.from([Buffer.from(manyLines(100_000))])
  for await (const _ of readImport(stream, { name: 'x' })) break
  assert.equal(stream.destroyed, true)
})

test('however the bytes are cut into pieces, the items are the same', async () => {
  const text = `${line('Zürich')}\r\nnonsense\r\n${line('数')}${line('0')}{"title":"last"}`
  const bytes = Buffer.from(text)
  const expected = titles(await read(bytes))
  assert.deepEqual(expected, ['Zürich', 'bad 3', '数', '0', 'last'])
  for (let size = 1; size < bytes.length; size++) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    )
    assert.deepEqual(titles(await read(pieces)), expected)
  }
})

const scraps = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  '"',
  '\\',
  ',',
  ':',
  '\n',
  '\r\n',
  ' ',
  '{"title":"A"}',
  '"paper"',
  '"date":"2024-02-30"',
  '"authors":5',
  '@article{k,',
  'title = {A}',
  '@string(x = "y")',
  '#',
  '=',
  '(',
  ')',
  'TY  - JOUR',
  'TI  - A',
  'ER  - ',
  'AU  - B, A',
  'A title',
  '\0',
  '\ufeff',
  '\ud800',
  'é',
  '{"__proto__":{"title":"x"}}',
  '{"2025-01-02":[',
  'null',
  '{"title":"A","id":1.5}',
  '{"title":"A","authors":[null]}',
)

test('no content whatever makes reading throw, in any format', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(scraps, { maxLength: 25 }), fc.constantFrom(...importFormats), async (parts, as) => {
      for (const item of await read(parts.join(''), { as })) {
        if (item.kind === 'bad') assert.ok(!item.reason.includes('\n') && item.reason.length < 250, item.reason)
        else assert.ok(item.paper.title !== '' && item.line >= 1)
      }
    }),
    { numRuns: 1_500 },
  )
})
