import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logoSvg } from './logo.ts'

test('the mark is one SVG in the colour that was asked for', () => {
  for (const color of ['#b23a1c', 'currentColor']) {
    assert.match(logoSvg(color), new RegExp(`^<svg [^>]*viewBox="0 0 32 32"[^>]* fill="${color}"[^>]*>.*</svg>$`))
  }
  assert.ok(logoSvg('currentColor').length < 1000)
})
