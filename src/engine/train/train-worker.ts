// A thread of training: told a step, it runs its share of it together with the others.
import { parentPort, workerData } from 'node:worker_threads'
import { createKernels } from '../wasm/float-kernels.ts'
import { createStep, type StepOrder } from './batch-step.ts'
import type { Layout, Shape } from './layout.ts'
import { joinTeam } from './team.ts'

export type TrainWorkerData = {
  memory: WebAssembly.Memory
  counters: Int32Array
  shape: Shape
  layout: Layout
  thread: number
}

const port = parentPort
if (!port) throw new Error('this file is the start of a worker thread')
const { memory, counters, shape, layout, thread } = workerData as TrainWorkerData
const step = createStep(memory, createKernels(memory, layout.pages), shape, layout, thread)
const team = joinTeam(counters, shape.threads)

port.on('message', (order: StepOrder | 'end') => {
  if (order === 'end') return port.close()
  step(order, team)
  port.postMessage('done')
})
