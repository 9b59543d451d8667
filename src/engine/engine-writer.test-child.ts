// What engine.test.ts kills: puts one document after the other into a folder and tells the last change that is saved.
import { Engine } from './engine.ts'

const [folder, from] = process.argv.slice(2)
const engine = await Engine.open({
  threadUrl: new URL('./worker/engine-thread.ts', import.meta.url),
  folder,
  model: { id: 'outside-64', dims: 64 },
  searchThreads: 1,
})
for (let n = Number(from); ; n++) {
  const vector = new Float32Array(64).fill(0.1)
  await engine.put(
    [
      {
        id: n,
        title: `word${n} shared`,
        abstract: 'Networks.',
        authors: [],
        categories: [],
        identifiers: [],
        day: n,
        hasCode: false,
        isWithdrawn: false,
        vector,
      },
    ],
    n,
  )
  if (n % 5 !== 0) continue
  await engine.flush()
  process.send?.(engine.status().savedSeq)
}
