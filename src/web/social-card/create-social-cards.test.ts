import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { inflateSync } from 'node:zlib'
import { copyCardAssets } from './assets.ts'
import { type CardPicture, cardSizes } from './card-picture.ts'
import { createSocialCards, type SocialCardsOptions } from './create-social-cards.ts'

const run = promisify(execFile)
const workerUrl = new URL('./worker.ts', import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'paperround-cards-'))
const assetsFolder = join(folder, 'assets')
before(() => {
  mkdirSync(assetsFolder)
  copyCardAssets(assetsFolder)
})
after(() => rmSync(folder, { recursive: true, force: true }))

const cardsWith = (options: Partial<SocialCardsOptions> & { cacheFolder: string }) =>
  createSocialCards({ assetsFolder, workerUrl, ...options })
const place = (name: string) => join(folder, name)

const ada: CardPicture = {
  title: 'Notes on the Analytical Engine',
  authors: ['Ada Lovelace', 'Luigi Menabrea'],
  kicker: 'cs.SE · 2 March 2026',
  site: 'Daily Papers',
  tint: 'cs.SE',
}

function sizeOf(png: Uint8Array) {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  assert.equal(view.getBigUint64(0), 0x89504e470d0a1a0an)
  return { width: view.getUint32(16), height: view.getUint32(20) }
}

/** How many different bytes the pixels have: a card that lost its words has few. */
function varietyOf(png: Uint8Array): number {
  const parts: Uint8Array[] = []
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) {
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8))
    if (type === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + view.getUint32(at)))
  }
  return new Set(inflateSync(Buffer.concat(parts))).size
}

test('a card is a PNG of the promised size, with words on it', async () => {
  await using cards = cardsWith({ cacheFolder: place('sizes') })
  for (const size of ['share', 'list'] as const) {
    const png = await cards.png(ada, size)
    assert.deepEqual(sizeOf(png), cardSizes[size])
    assert.ok(varietyOf(png) > 100)
    assert.ok(png.length < 100_000, `${png.length} bytes`)
  }
})

test('a picture drawn once is answered from the disk, by another process too', async () => {
  const cacheFolder = place('cache')
  let drawn: Uint8Array
  {
    await using cards = cardsWith({ cacheFolder })
    drawn = await cards.png(ada, 'list')
  }
  await using idle = cardsWith({ cacheFolder, workerUrl: new URL('./no-such-worker.ts', import.meta.url) })
  assert.deepEqual(await idle.png({ ...ada }, 'list'), drawn)
  for (const other of [{ title: 'Other' }, { authors: [] }, { kicker: '' }, { site: '' }, { tint: 'math.AP' }]) {
    await assert.rejects(idle.png({ ...ada, ...other }, 'list'), { code: 'unavailable' })
  }
  await assert.rejects(idle.png(ada, 'share'), { code: 'unavailable' })
})

test('many who ask for one picture wait for one drawing', async () => {
  await using cards = cardsWith({ cacheFolder: place('many'), maxWaiting: 0 })
  const pictures = await Promise.all(Array.from({ length: 50 }, () => cards.png({ ...ada }, 'list')))
  for (const picture of pictures) assert.equal(picture, pictures[0])
  const files = readdirSync(place('many'), { recursive: true }).filter((name) => String(name).includes('.'))
  assert.equal(files.length, 1)
})

test('a disk that cannot be written costs nobody a picture', async () => {
  writeFileSync(place('file'), '')
  const problems: unknown[] = []
  await using cards = cardsWith({
    cacheFolder: join(place('file'), 'no'),
    onProblem: (problem) => problems.push(problem),
  })
  assert.deepEqual(sizeOf(await cards.png(ada, 'list')), cardSizes.list)
  assert.equal(problems.length, 1)
})

test('assets that are missing fail the picture with the reason for the log', async () => {
  const problems: unknown[] = []
  const onProblem = (problem: unknown) => problems.push(problem)
  await using cards = cardsWith({ cacheFolder: place('none'), assetsFolder: place('no-assets'), onProblem })
  await assert.rejects(cards.png(ada, 'list'), { code: 'unavailable' })
  assert.match(String(problems[0]), /ENOENT.*no-assets/)
})

test('every text makes a card', async () => {
  await using cards = cardsWith({ cacheFolder: place('hostile') })
  const hostile: Partial<CardPicture>[] = [
    { title: '0' },
    { title: '' },
    { title: 'A very long title about very many things '.repeat(8) },
    { title: 'x'.repeat(300) },
    { title: 'Ω'.repeat(100_000) },
    { authors: Array.from({ length: 3000 }, (_, index) => `Author ${index}`) },
    { authors: [] },
    { authors: ['', '\u0000', '王小明'] },
    { title: '😀 👩‍👩‍👧‍👦 🚀', site: '🗞️' },
    { title: '深度学习与大语言模型', authors: ['王小明'] },
    { title: 'تعلم الآلة العميق' },
    { title: 'Ελληνικά και Русский' },
    { title: '\u0000\u001b[31m\u202eabc\ud800</text><script>' },
    { title: `Z${'\u0301'.repeat(1000)}algo` },
    { title: 'Maps 𝔸ⁿ → ℝ², ℓ₁ ≤ ∞ & <b>"quotes"</b>', kicker: 'k'.repeat(1000), site: 's'.repeat(1000), tint: '' },
    { title: 'fi ffi affine -- “quotes” – dash — and \\LaTeX $x^2$ {braces} %' },
  ]
  for (const words of hostile) {
    const picture = await cards.png({ ...ada, ...words }, 'list')
    assert.deepEqual(sizeOf(picture), cardSizes.list, JSON.stringify(words).slice(0, 80))
  }
})

for (const end of ['closed', 'left open'] as const) {
  test(`cards that are ${end} let the process end`, { timeout: 30_000 }, async () => {
    const script = place(`${end.replace(' ', '-')}.ts`)
    const module = new URL('./create-social-cards.ts', import.meta.url).href
    const options = JSON.stringify({ assetsFolder, cacheFolder: place(end) })
    const close = end === 'closed' ? 'await cards[Symbol.asyncDispose]()' : ''
    writeFileSync(
      script,
      `import { createSocialCards } from ${JSON.stringify(module)}
      const cards = createSocialCards({ ...${options}, idleMs: 600_000, workerUrl: new URL(${JSON.stringify(workerUrl.href)}) })
      const png = await cards.png(${JSON.stringify(ada)}, 'list')
      ${close}
      console.log(png.length)`,
    )
    const { stdout } = await run(process.execPath, [script], { timeout: 20_000 })
    const [shard] = readdirSync(place(end)) as [string]
    const [file] = readdirSync(join(place(end), shard)) as [string]
    assert.equal(Number(stdout), readFileSync(join(place(end), shard, file)).length)
  })
}
