import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../../tests/databases.ts'
import { createTransformersEmbedder } from './transformers-embedder.ts'

/** A folder in whose node_modules the real package is: `npm install --prefix FOLDER --ignore-scripts @huggingface/transformers@4.3.1`. */
const home = process.env.PAPERROUND_TEST_TRANSFORMERS

// The package with its runtime is 470 MB, so it is not installed for the suite. With it, this is the real library, its real
// runtime, and a real model in ONNX, made here byte by byte: it knows six words, each with four numbers.
test('a model in a folder is run by the real transformers.js', {
  skip: home
    ? false
    : 'set PAPERROUND_TEST_TRANSFORMERS to a folder with @huggingface/transformers in its node_modules',
}, async (t) => {
  const folder = join(temporaryFolder(t), 'tiny')
  const words = ['[UNK]', 'whale', 'ocean', 'violin', 'music', 'the']
  const numbers = [
    [0, 0, 0, 1],
    [1, 0, 0, 0],
    [0.9, 0.1, 0, 0],
    [0, 1, 0, 0],
    [0.1, 0.9, 0, 0],
    [0, 0, 0.1, 0],
  ]
  writeModel(folder, words, numbers)
  const embedder = createTransformersEmbedder(folder, home!)
  const [whale, violin, both, long] = await embedder.embed(
    ['the whale', 'violin', 'whale violin', 'music '.repeat(3_000)],
    'document',
  )
  const near = (vector: Float32Array | undefined, expected: number[]) => {
    const length = Math.hypot(...expected)
    assert.equal(vector?.length, 4)
    for (const [n, value] of expected.entries()) assert.ok(Math.abs(vector![n]! - value / length) < 1e-5, `${vector}`)
  }
  near(whale, [1, 0, 0.1, 0])
  near(violin, [0, 1, 0, 0])
  near(both, [1, 1, 0, 0])
  near(long, [0.1, 0.9, 0, 0])
  await assert.rejects(
    createTransformersEmbedder(join(folder, 'nothing'), home!).embed(['x'], 'query'),
    /cannot be loaded/,
  )
})

/** A feature-extraction model as transformers.js expects it in a folder: one Gather from word numbers to rows. */
function writeModel(folder: string, words: string[], rows: number[][]): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true })
  const json = (name: string, content: unknown) => writeFileSync(join(folder, name), JSON.stringify(content))
  json('config.json', { model_type: 'bert', architectures: ['BertModel'], hidden_size: 4, vocab_size: words.length })
  json('tokenizer_config.json', {
    tokenizer_class: 'BertTokenizer',
    model_max_length: 512,
    unk_token: '[UNK]',
    pad_token: '[UNK]',
  })
  json('tokenizer.json', {
    ...{ version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null },
    pre_tokenizer: { type: 'Whitespace' },
    ...{ post_processor: null, decoder: null },
    model: { type: 'WordLevel', vocab: Object.fromEntries(words.map((word, n) => [word, n])), unk_token: '[UNK]' },
  })
  const table = message(
    ...[integer(1, words.length), integer(1, 4), integer(2, 1)], // dims, FLOAT
    ...[text(8, 'table'), bytes(9, new Uint8Array(Float32Array.from(rows.flat()).buffer))],
  )
  const node = message(text(1, 'table'), text(1, 'input_ids'), text(2, 'last_hidden_state'), text(4, 'Gather'))
  const shape = (...names: string[]) => bytes(2, message(...names.map((name) => bytes(1, message(text(2, name))))))
  const value = (name: string, type: number, ...dims: string[]) =>
    message(text(1, name), bytes(2, message(bytes(1, message(integer(1, type), shape(...dims))))))
  const graph = message(
    ...[bytes(1, node), text(2, 'tiny'), bytes(5, table)],
    ...[bytes(11, value('input_ids', 7, 'batch', 'length')), bytes(11, value('attention_mask', 7, 'batch', 'length'))],
    bytes(12, value('last_hidden_state', 1, 'batch', 'length', 'width')),
  )
  const opset = message(integer(2, 13))
  writeFileSync(join(folder, 'onnx/model.onnx'), message(integer(1, 8), bytes(7, graph), bytes(8, opset)))
}

// Protocol buffers, as much as ONNX takes here: fields by number, whole numbers and stretches of bytes.
const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)])
const integer = (field: number, value: number) => Uint8Array.from([field << 3, ...varint(value)])
const bytes = (field: number, content: Uint8Array) =>
  Buffer.concat([Uint8Array.from([...varint((field << 3) | 2), ...varint(content.length)]), content])
const text = (field: number, content: string) => bytes(field, Buffer.from(content))
const message = (...fields: Uint8Array[]) => Buffer.concat(fields)
