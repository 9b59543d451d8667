// The entry of the drawing thread: a program of its own, which the build puts beside the main one.
import { parentPort, workerData } from 'node:worker_threads'
import { createCardPainter } from './card-painter.ts'
import type { Drawing, DrawingOrder } from './drawing-thread.ts'

if (!parentPort) throw new Error('expected to be started as a thread by the site; this file is no command')
const port = parentPort
// Orders wait meanwhile. Without its fonts and engines the thread has no use and ends with the reason.
const paint = await createCardPainter(workerData as string)

port.on('message', async ({ picture, size }: DrawingOrder) => {
  try {
    const png = await paint(picture, size)
    port.postMessage({ png } satisfies Drawing, [png.buffer])
  } catch (problem) {
    port.postMessage({ problem } satisfies Drawing)
  }
})
