import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fc } from '../../tests/property.ts'
import { backPath } from './back-path.ts'

test('paths of ours stay, everything else leads home', () => {
  assert.equal(backPath('/papers/2601.00001?limit=5#votes'), '/papers/2601.00001?limit=5#votes')
  for (const other of [
    undefined,
    '',
    'papers',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '\\\\evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    `/${'x'.repeat(2_000)}`,
  ])
    assert.equal(backPath(other), '/', other)
})

test('whatever is asked for, a browser that follows it stays on this site', () => {
  const odd = fc.array(
    fc.constantFrom('/', '\\', '.', '..', ':', '@', '\t', '\n', '%2f', 'evil.example', 'https', '?', '#', ' '),
  )
  fc.assert(
    fc.property(
      odd.map((parts) => parts.join('')),
      (wanted) => new URL(backPath(wanted), 'https://ours.example').origin === 'https://ours.example',
    ),
  )
})
