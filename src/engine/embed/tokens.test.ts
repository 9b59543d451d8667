import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import { createTokens, GAP, hashWord, tokenize, wordAt } from './tokens.ts'

const tokens = createTokens(4)
function split(text: string): string[] {
  tokenize(text, tokens)
  return Array.from({ length: tokens.count }, (_, index) => wordAt(tokens, index))
}

test('words that scientists write stay recognisable', () => {
  assert.deepEqual(split('GPT-4V, non-IID and 3.5-fold C++'), ['gpt', '4v', 'non', 'iid', 'and', '3.5', 'fold', 'c++'])
  assert.deepEqual(split('Müller’s naïve β-cells'), ['muller', 's', 'naive', 'beta', 'cells'])
  assert.deepEqual(split('$\\mathcal{L}^p$ and $\\alpha_2$'), ['l', 'p', 'and', 'alpha', '2'])
  assert.deepEqual(split('Привет, 世界'), ['привет', '世界'])
})

test('gaps say where a phrase and where a sentence ends', () => {
  tokenize('Deep nets. Wide (random) nets', tokens)
  assert.deepEqual(
    [...tokens.gaps.subarray(0, tokens.count)],
    [GAP.sentence, GAP.none, GAP.sentence, GAP.phrase, GAP.phrase],
  )
})

test('the hash of a token is that of its word, whatever surrounds it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      tokenize(text, tokens)
      for (let index = 0; index < tokens.count; index++)
        assert.equal(tokens.hashes[index], hashWord(wordAt(tokens, index)))
    }),
    { numRuns: 300 },
  )
})
