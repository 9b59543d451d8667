import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createPictureCache } from './picture-cache.ts'

/** The smallest thing with the start and the end of a PNG file. */
function pngOf(bytes: number): Uint8Array {
  const png = Buffer.alloc(bytes, 1)
  png.set(Buffer.from('89504e470d0a1a0a', 'hex'))
  png.set(Buffer.from('49454e44ae426082', 'hex'), bytes - 8)
  return png
}

function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-pictures-'))
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.png'))

test('what was written is read again, and nothing else is in the folder', async () => {
  using place = temporaryFolder()
  const cache = createPictureCache(place.folder, 1000)
  assert.equal(await cache.read('aa11'), undefined)
  await cache.write('aa11', pngOf(100))
  await cache.trimmed()
  assert.deepEqual(Buffer.from((await cache.read('aa11')) ?? []), pngOf(100))
  assert.deepEqual(readdirSync(place.folder, { recursive: true }).sort(), ['aa', join('aa', 'aa11.png')])
})

test('a file that was not written to its end is not answered', async () => {
  using place = temporaryFolder()
  const cache = createPictureCache(place.folder, 1000)
  await cache.write('aa11', pngOf(100))
  writeFileSync(join(place.folder, 'aa', 'aa11.png'), pngOf(100).subarray(0, 60))
  assert.equal(await cache.read('aa11'), undefined)
})

test('a full cache drops what was written longest ago, also of earlier runs', async () => {
  using place = temporaryFolder()
  const earlier = createPictureCache(place.folder, 1000)
  for (const [age, key] of ['aa01', 'bb02', 'cc03', 'dd04'].entries()) {
    await earlier.write(key, pngOf(240))
    await earlier.trimmed() // the first count may else meet the next picture, and count it twice
    utimesSync(join(place.folder, key.slice(0, 2), `${key}.png`), 1000 + age, 1000 + age)
  }
  const cache = createPictureCache(place.folder, 1000)
  await cache.write('ee05', pngOf(240))
  await cache.trimmed()
  assert.deepEqual(
    filesIn(place.folder)
      .map((name) => name.slice(-8, -4))
      .sort(),
    ['cc03', 'dd04', 'ee05'],
  )
})

test('a folder that cannot be made refuses to be written, and reads as empty', async () => {
  using place = temporaryFolder()
  writeFileSync(join(place.folder, 'file'), '')
  const cache = createPictureCache(join(place.folder, 'file', 'pictures'), 1000)
  await assert.rejects(cache.write('aa11', pngOf(100)))
  assert.equal(await cache.read('aa11'), undefined)
})
