import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'
import { sharedBytes } from '../segments/shared-memory.ts'
import { collectThoroughly, UnusedMemory } from './unused-memory.ts'

const megabyte = 2 ** 20

test('garbage is collected once for enough memory let go of, and not before', async () => {
  let collections = 0
  const unused = new UnusedMemory(() => collections++)
  for (let n = 0; n < 31; n++) unused.add(megabyte)
  await turn()
  assert.equal(collections, 0)
  for (let n = 0; n < 5; n++) unused.add(megabyte)
  assert.equal(collections, 0, 'what runs now may still hold it')
  await turn()
  assert.equal(collections, 1)
  unused.add(megabyte)
  await turn()
  assert.equal(collections, 1, 'counted anew')
})

test('shared memory that nobody holds any more is gone after it', async () => {
  const held = new WeakRef(sharedBytes(megabyte).buffer)
  await turn()
  new UnusedMemory().add(64 * megabyte)
  await turn()
  assert.equal(held.deref(), undefined)
})

test('a thorough collection gives back the pages of a heap that was larger', async () => {
  let many: unknown[] = Array.from({ length: 500_000 }, (_, n) => ({ n }))
  const large = getHeapStatistics().total_physical_size
  assert.equal(many.length, 500_000)
  many = []
  await turn()
  collectThoroughly()
  assert.ok(getHeapStatistics().total_physical_size < large)
})
