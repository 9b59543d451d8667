import assert from 'node:assert/strict'
import { test } from 'node:test'
import { paper } from './card-elements.ts'
import { inkOf } from './tint.ts'

test('the same category always has the same ink, and the busiest ten have ten', () => {
  const busiest = ['cs.LG', 'cs.CV', 'cs.CL', 'cs.AI', 'cs.RO', 'stat.ML', 'cs.CR', 'cs.SE', 'cs.IR', 'quant-ph']
  assert.equal(new Set(busiest.map(inkOf)).size, 10)
  assert.equal(inkOf('cs.LG'), inkOf('cs.LG'))
  assert.match(inkOf(''), /^#[0-9a-f]{6}$/)
})

test('paper-coloured letters on every ink have a contrast of 5 at least', () => {
  const inks = new Set(Array.from({ length: 500 }, (_, index) => inkOf(`key ${index}`)))
  assert.equal(inks.size, 12)
  for (const ink of inks) assert.ok((luminance(paper) + 0.05) / (luminance(ink) + 0.05) >= 5, ink)
})

/** As the accessibility guidelines define it for sRGB. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
