import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import { foldAny, foldForKey } from './fold-for-key.ts'

const tex = String.raw

const same: string[][] = [
  [
    'Attention Is All You Need',
    'attention is all you need.',
    '  Attention  is All\n you Need',
    '{A}ttention is all you need',
  ],
  ["The ``k''-Means -- A Study", 'The "k"-means – a study', 'The “$k$”-means: a study'],
  [tex`Erd\H{o}s and Poincar\'e`, 'Erdős and Poincaré', 'Erdos and Poincare', 'ERDŐS AND POINCARÉ'],
  [
    tex`{\L}ojasiewicz, S{\o}ren, Weierstra{\ss}, {\AE}sir`,
    'Lojasiewicz Soren Weierstrass Aesir',
    'Łojasiewicz, Søren, Weierstraß, Æsir',
  ],
  ['Solving $x^2=1$ on $\\mathbb{R}^n$', 'Solving x^2=1 on R^n', 'Solving x²=1 on ℝⁿ'],
  [tex`$\alpha$-helix`, 'α-helix', tex`\alpha-helix`],
  ["Bob's work", 'Bob’s work'],
]

test('titles that differ in case, marks, quotes, dashes or markup have one key', () => {
  for (const titles of same) {
    const [key, ...others] = titles.map(foldForKey)
    for (const [i, other] of others.entries()) assert.equal(other, key, titles[i + 1])
  }
})

test('a key is words of letters and digits between single spaces', () => {
  assert.equal(foldForKey('  A {B}: 3-D "x" — é! '), 'a b 3 d x e')
  assert.equal(foldForKey('0'), '0')
  assert.equal(foldForKey('...'), '')
  assert.equal(foldForKey('论文 第1篇'), '论文 第1篇')
})

test('different titles keep different keys', () => {
  assert.notEqual(foldForKey('Paper I'), foldForKey('Paper II'))
  assert.notEqual(foldForKey('$x^2$'), foldForKey('$x^3$'))
})

test('plain texts, which take a short way, have the key they would have on the long one', () => {
  const letters = [...'aBz09 ,.:;!?()-']
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...letters)), (text) => {
      assert.equal(foldForKey(text.join('')), foldAny(text.join('')))
    }),
  )
})
