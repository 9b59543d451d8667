import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { EngineDocument } from './document.ts'
import { Engine, type EngineOptions } from './engine.ts'
import { ThreadEndedError } from './worker/thread.ts'

const threadUrl = new URL('./worker/engine-thread.ts', import.meta.url)
const model = { id: 'outside-64', dims: 64 }

/** Document n: a word of its own, words it shares, and a direction of its own. */
function document(n: number, text = `word${n} shared paper about graphs`): EngineDocument {
  const vector = new Float32Array(64).fill(0.1)
  vector[n % 64] = 1
  return {
    id: n,
    title: text,
    abstract: 'Networks.',
    authors: ['Ada'],
    categories: ['cs.LG'],
    identifiers: [],
    day: n,
    hasCode: false,
    isWithdrawn: false,
    vector,
  }
}

const documents = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => document(from + n))

describe('the engine and its folder', () => {
  let root = ''
  let number = 0
  const newFolder = () => join(root, String(number++))
  const problems: string[] = []
  const open = (folder: string | undefined, more: Partial<EngineOptions> = {}) =>
    Engine.open({ threadUrl, folder, model, searchThreads: 1, onProblem: (problem) => problems.push(problem), ...more })
  const find = async (engine: Engine, text: string) =>
    (await engine.search({ text, limit: 300, arms: 'lexical' })).hits.map(({ id }) => id)
  /** A saved index of 40 documents, one removed and one replaced after the first save. */
  let template = ''

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'paperround-engine-'))
    template = newFolder()
    await using engine = await open(template)
    await engine.put(documents(1, 41), 40)
    await engine.flush()
    await engine.remove([7], 41)
    await engine.put([document(9, 'renamed shared paper')], 42)
    await engine.flush()
  })
  after(() => rmSync(root, { recursive: true, force: true }))

  const copyOfTemplate = () => {
    const folder = newFolder()
    cpSync(template, folder, { recursive: true })
    return folder
  }

  test('closed and opened again: the same answers without building, and the number of the last change', async () => {
    await using engine = await open(copyOfTemplate())
    const { documents: count, appliedSeq, savedSeq, problem } = engine.status()
    assert.deepEqual(
      { count, appliedSeq, savedSeq, problem },
      { count: 39, appliedSeq: 42, savedSeq: 42, problem: undefined },
    )
    assert.ok(engine.status().diskBytes > 1_000)
    assert.deepEqual(await find(engine, 'word8'), [8])
    assert.deepEqual(await find(engine, 'word7'), [])
    assert.deepEqual(await find(engine, 'word9'), [])
    assert.deepEqual(await find(engine, 'renamed'), [9])
    const near = await engine.search({ text: '', vector: document(5).vector!, limit: 1 })
    assert.equal(near.hits[0]?.id, 5)
  })

  test('what is closed holds nothing of the index in memory any more', async () => {
    const engine = await open(copyOfTemplate())
    assert.ok(engine.status().memoryBytes > 0)
    await engine.close()
    assert.equal(engine.status().memoryBytes, 0)
  })

  test('what was not saved before a crash is simply put again', async () => {
    const folder = copyOfTemplate()
    const lost = await open(folder)
    await lost.put([document(100)], 43)
    // No close: the folder is as a crash leaves it.
    await using engine = await open(folder)
    assert.equal(engine.status().appliedSeq, 42)
    await engine.put([document(100)], 43)
    assert.deepEqual(await find(engine, 'word100'), [100])
    await lost.close().catch(() => {})
  })

  test('any byte changed, any file cut short or gone: opens empty with a reason, never wrong, and can be filled again', async () => {
    const names = readdirSync(template)
    assert.ok(names.some((name) => name.endsWith('.removed')) && names.includes('manifest.json'))
    for (const name of names) {
      const size = readFileSync(join(template, name)).length
      const spoil: ((path: string) => void)[] = [
        (path) => rmSync(path),
        (path) => truncateSync(path, Math.floor(size / 2)),
        ...[5, 40, size - 66].map((at) => (path: string) => {
          const bytes = readFileSync(path)
          bytes[at] = bytes[at]! ^ 0x55
          writeFileSync(path, bytes)
        }),
      ]
      for (const [n, damage] of spoil.entries()) {
        const folder = copyOfTemplate()
        damage(join(folder, name))
        await using engine = await open(folder)
        const { documents: count, appliedSeq, problem } = engine.status()
        // Padding between sections carries nothing, so a change there may pass: then all must be there.
        if (count > 0) assert.equal((await find(engine, 'shared')).length, 39, `${name}, ${n}`)
        else {
          assert.equal(appliedSeq, 0)
          if (name === 'manifest.json' && n === 0) continue // a folder without a table of contents is a new one
          assert.match(String(problem), /is made anew/, `${name}, ${n}`)
          if (n > 0) continue
          await engine.put(documents(1, 5), 50)
          await engine.flush()
          assert.equal(engine.status().problem, undefined)
        }
      }
    }
  })

  test('an index of another format is made anew', async () => {
    const folder = newFolder()
    mkdirSync(folder)
    writeFileSync(join(folder, 'manifest.json'), '{"checksum":1,"manifest":{"format":0}}')
    await using engine = await open(folder)
    assert.equal(engine.status().documents, 0)
    assert.match(String(engine.status().problem), /made anew/)
  })

  test('another model: words are found at once, everything is asked for again, and then meaning is found too', async () => {
    await using engine = await open(copyOfTemplate(), { model: { id: 'other-64', dims: 64 } })
    assert.equal(engine.status().appliedSeq, 0)
    assert.equal(engine.status().withoutVector, 39)
    assert.equal(engine.status().state, 'building')
    assert.deepEqual(await find(engine, 'word8'), [8])
    const ask = () => engine.search({ text: '', vector: document(8).vector!, limit: 1, arms: 'dense' })
    assert.deepEqual((await ask()).hits, [], 'vectors of two models are never compared')
    await engine.put(documents(1, 41), 42)
    assert.equal(engine.status().withoutVector, 0)
    assert.equal((await ask()).hits[0]?.id, 8)
  })

  test('opened for reading beside the program that writes: sees what is saved, writes nothing', async () => {
    const folder = copyOfTemplate()
    await using writer = await open(folder)
    await using reader = await open(folder, { readOnly: true })
    await writer.put([document(200)], 43)
    await writer.flush()
    assert.deepEqual(await find(reader, 'word200'), [])
    assert.deepEqual(await find(reader, 'word8'), [8])
    await assert.rejects(reader.put([document(1)]), /reading only/)
    await using later = await open(folder, { readOnly: true })
    assert.deepEqual(await find(later, 'word200'), [200])
  })

  test('leftovers of a crash are taken away', async () => {
    const folder = copyOfTemplate()
    copyFileSync(join(folder, 'manifest.json'), join(folder, 'manifest.json.tmp'))
    writeFileSync(join(folder, '999.text'), 'half')
    writeFileSync(join(folder, '999.text.tmp'), 'half')
    writeFileSync(join(folder, 'notes.txt'), 'not ours')
    await using engine = await open(folder)
    assert.equal(engine.status().documents, 39)
    const names = readdirSync(folder)
    assert.ok(!names.some((name) => /999|tmp/.test(name)))
    assert.ok(names.includes('notes.txt'))
  })

  test('killed at any moment of putting, merging and saving, it opens with all that was acknowledged as saved', async () => {
    const folder = newFolder()
    const rounds = process.env.PAPERROUND_TEST_LONG ? 25 : 3
    let next = 1
    for (let round = 0; round < rounds; round++) {
      const child = fork(new URL('./engine-writer.test-child.ts', import.meta.url), [folder, String(next)], {
        execArgv: [],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      })
      let saved = 0
      child.on('message', (seq) => {
        saved = Number(seq)
      })
      await once(child, 'message')
      await new Promise((resolve) => setTimeout(resolve, 150 + round * 61))
      child.kill('SIGKILL')
      await once(child, 'exit')
      const engine = await open(folder)
      const { appliedSeq, documents: count, problem } = engine.status()
      assert.equal(problem, undefined)
      assert.ok(appliedSeq >= saved, `${appliedSeq} is saved, ${saved} was acknowledged`)
      assert.equal(count, appliedSeq, 'each change adds one document')
      assert.deepEqual(await find(engine, `word${appliedSeq}`), [appliedSeq])
      next = appliedSeq + 1
      await engine.close()
    }
    assert.ok(next > 1)
  })

  test('a thread that ends fails what waits for it with a reason, and the next search is answered', async () => {
    await using engine = await open(undefined)
    await engine.put(documents(1, 30))
    problems.length = 0
    const waiting = engine.search({
      text: 'shared',
      limit: 5,
      filter: { ids: { length: -1, map: 'no list' } as never },
    })
    await assert.rejects(waiting) // an order that makes no sense fails alone
    const [thread] = threadsOf(engine)
    const pending = engine.search({ text: 'shared', limit: 5 })
    await thread!.terminate()
    await assert.rejects(pending, (error) => error instanceof ThreadEndedError && /Ask again/.test(error.message))
    assert.equal((await find(engine, 'shared')).length, 29)
    assert.match(problems.join(), /is started again/)
  })

  test('many puts, replacements and removals: merges keep the number of segments low and lose nothing', async () => {
    await using engine = await open(undefined)
    for (let n = 1; n <= 60; n++) await engine.put([document(n)], n)
    await Promise.all([
      engine.put(documents(100, 200)),
      engine.remove([3, 4]),
      engine.put([document(5, 'renamed shared')]),
      engine.remove([150]),
    ])
    await engine.settle()
    assert.ok(engine.status().segments <= 16, String(engine.status().segments))
    const found = await find(engine, 'shared')
    assert.equal(found.length, 58 + 99)
    assert.deepEqual(await find(engine, 'word5'), [])
    assert.deepEqual(await find(engine, 'word60'), [60])
    assert.equal(engine.status().documents, 157)
  })

  test('a large collection leaves the words of its papers in files, and finds, merges and opens as before', async () => {
    const folder = newFolder()
    const many = Array.from({ length: 22_080 }, (_, n) => document(n + 1, `word${n % 50} of ${n % 7} papers`))
    const phrase = { kind: 'phrase', text: 'word5 of 3' } as const
    const ask = { text: 'word5 papers', conditions: [phrase], limit: 300 }
    const small = { folder, mostForwardBytes: 1_000 }
    {
      await using engine = await open(folder, small)
      await engine.put(many, 1)
      await engine.settle()
      const inMemory = await engine.search(ask)
      assert.equal(inMemory.hits.length, 63)
      await engine.flush()
      assert.deepEqual(await engine.search(ask), inMemory)
      // Removing reads the words of what is removed, and so much of a segment that it is made anew of what is in its file.
      await engine.remove(
        many.filter(({ id }) => id % 4 === 0).map(({ id }) => id),
        2,
      )
      await engine.settle()
      assert.ok((await engine.search(ask)).hits.every(({ id }) => id % 4 > 0))
    }
    await using again = await open(folder, { ...small, readOnly: true })
    await using whole = await open(folder, { readOnly: true })
    const answer = await again.search(ask)
    assert.ok(answer.hits.length > 25)
    assert.deepEqual(await whole.search(ask), answer)
    assert.ok(again.status().memoryBytes < whole.status().memoryBytes)
  })

  test('a file that is damaged while it is read from is noticed, and healed by putting its documents again', async () => {
    const folder = newFolder()
    const many = Array.from({ length: 22_080 }, (_, n) => document(n + 1, `word${n % 50} of ${n % 7} papers`))
    await using engine = await open(folder, { mostForwardBytes: 1_000 })
    const phrase = { kind: 'phrase', text: 'word5 of 3' } as const
    const ask = { text: '', order: 'newest' as const, limit: 1_000, conditions: [phrase] }
    await engine.put(many, 7)
    await engine.settle()
    await engine.flush()
    const before = await engine.search(ask)
    assert.equal(before.hits.length, 63)
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.forward'))) {
      const bytes = readFileSync(join(folder, name))
      bytes.fill(0x55, bytes.length >> 1)
      writeFileSync(join(folder, name), bytes)
    }
    problems.length = 0
    const less = await engine.search(ask)
    assert.ok(less.hits.length > 10 && less.hits.length < 50, String(less.hits.length))
    const wanted = new Set(before.hits.map(({ id }) => id))
    assert.ok(
      less.hits.every(({ id }) => wanted.has(id)),
      'nothing is read into what is there now',
    )
    assert.equal(engine.status().appliedSeq, 0)
    const told = problems.length
    await engine.search(ask)
    assert.equal(problems.length, told, 'told once')
    assert.match(problems[0]!, /\.forward of the search index was changed.* until these are indexed again/)
    // Merging must not make of it what looks whole.
    await engine.put([document(30_000, 'another paper')], 8)
    await engine.remove(many.slice(0, 15_000).map(({ id }) => id))
    await engine.settle()
    assert.equal(engine.status().appliedSeq, 0)
    await engine.put(many, 8)
    assert.deepEqual((await engine.search(ask)).hits, before.hits)
    assert.equal(engine.status().appliedSeq, 8)
    assert.equal(engine.status().documents, 22_081)
  })

  test('a disk that cannot be written is told, searches go on, and nothing is lost when it can be written again', async () => {
    const folder = newFolder()
    await using engine = await open(folder)
    writeFileSync(folder, 'a file where the folder should be')
    await engine.put([document(1)], 1)
    await assert.rejects(engine.flush())
    assert.deepEqual(await find(engine, 'word1'), [1])
    assert.equal(engine.status().savedSeq, 0)
    rmSync(folder)
    await engine.flush()
    await using again = await open(folder, { readOnly: true })
    assert.deepEqual(await find(again, 'word1'), [1])
  })
})

type Inside = { threads: { searchers: { threads: { worker: { terminate(): Promise<number> } }[] } } }
const threadsOf = (engine: Engine) =>
  (engine as unknown as Inside).threads.searchers.threads.map(({ worker }) => worker)
