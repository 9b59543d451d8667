import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Dictionary, longestEntry, packDictionary } from './dictionary.ts'

test('more words than 16 bits count, the longest there can be side by side: each is found, with its term and stem', () => {
  // Three bytes for each code unit, as many as there can be.
  const long = Array.from({ length: 200 }, (_, n) => `${'数'.repeat(longestEntry - 3)}${n + 100}`)
  const words = [...long, ...Array.from({ length: 70_000 }, (_, n) => `word${n.toString(36)}`)]
  const termOfWord = new Map(words.map((word, term) => [word, term]))
  // Every seventh is a form of a word that nobody wrote.
  const stems = words.map((word, term) => (term % 7 === 0 && term >= long.length ? `stem${word}` : word))
  const dictionary = new Dictionary(packDictionary(termOfWord, stems))
  assert.equal(dictionary.size, new Set([...words, ...stems]).size)
  for (const [word, term] of termOfWord) {
    assert.equal(dictionary.termOf(word), term)
    assert.equal(dictionary.stemOf(term), stems[term])
  }
  for (let entry = 0; entry < dictionary.size; entry++) {
    const word = dictionary.wordAt(entry)
    const term = dictionary.termAt(entry)
    assert.equal(dictionary.isWord(entry), termOfWord.has(word))
    assert.equal(dictionary.isStem(entry), stems[term] === word)
    assert.ok(entry === 0 || Buffer.compare(dictionary.bytesAt(entry - 1), dictionary.bytesAt(entry)) < 0)
  }
  const [from, to] = dictionary.withPrefix('wordz')
  assert.equal(to - from, words.filter((word) => word.startsWith('wordz')).length)
})
