import type { Kernels } from '../wasm/float-kernels.ts'
import { BLOCK, type Layout, type Shape, UNIT } from './layout.ts'
import type { Team } from './team.ts'

/** What changes from step to step. */
export type StepOrder = { list: 0 | 1; items: number; rate: number; scale: number }

const MOMENTUM = 0.8
const SECOND_MOMENT_DECAY = 0.99
const TINY = 1e-20

/** One thread's part of a training run: `step` runs the same phases in every thread of the team. */
export function createStep(memory: WebAssembly.Memory, kernels: Kernels, shape: Shape, layout: Layout, thread: number) {
  const { dims, batch } = shape
  const floats = new Float32Array(memory.buffer)
  const numbers = new Uint32Array(memory.buffer)
  const scratch = layout.scratch + thread * layout.scratchBytes
  const rowBytes = dims * 4
  const batchBytes = batch * 4

  /** Vector of one text: the sum of its rows, made unit length, and laid out for the products to come. */
  function embedText(text: number, list: 0 | 1): void {
    const { textStarts, textRows } = layout.lists[list]
    const start = numbers[(textStarts >> 2) + text]!
    const count = numbers[(textStarts >> 2) + text + 1]! - start
    const unit = layout.unit + text * rowBytes
    let inverse = 0
    if (count > 0) {
      kernels.sumRows(textRows + start * 4, count, layout.rows, rowBytes, unit)
      const length = Math.sqrt(kernels.squares(unit, dims))
      inverse = length > 0 ? 1 / length : 0
      kernels.scale(unit, dims, inverse)
    } else floats.fill(0, unit >> 2, (unit >> 2) + dims)
    floats[(layout.inverseLength >> 2) + text] = inverse
    const isDocument = text >= batch
    const number = isDocument ? text - batch : text
    const panels = (isDocument ? layout.documents : layout.queries) >> 2
    const across = (layout.documentsAcross >> 2) + (number >> 3) * 8 * dims + (number & 7)
    for (let k = 0; k < dims; k++) {
      const value = floats[(unit >> 2) + k]!
      floats[panels + (k >> 3) * 8 * batch + number * 8 + (k & 7)] = value
      if (isDocument) floats[across + k * 8] = value
    }
  }

  /** exp(scale * similarity) of `UNIT` queries to all documents. */
  function compare(unit: number, scale: number): void {
    const from = unit * UNIT
    for (let panel = 0; panel < batch >> 3; panel++)
      kernels.product(
        layout.unit + from * rowBytes,
        rowBytes,
        4,
        layout.documentsAcross + panel * 8 * rowBytes,
        layout.weights + from * batchBytes + panel * 32,
        batchBytes,
        UNIT,
        dims,
        0,
      )
    for (let row = from; row < from + UNIT; row++) {
      const sum = kernels.exponentials(layout.weights + row * batchBytes, batch, scale)
      floats[(layout.rowSums >> 2) + row] = sum
      floats[(layout.diagonal >> 2) + row] = floats[(layout.weights >> 2) + row * batch + row]!
    }
  }

  function sumColumns(unit: number): void {
    const sums = layout.columnSums + unit * UNIT * 4
    floats.fill(0, sums >> 2, (sums >> 2) + UNIT)
    for (let row = 0; row < batch; row++) kernels.addTo(sums, layout.weights + row * batchBytes + unit * UNIT * 4, UNIT)
  }

  function invertColumns(): void {
    const at = layout.columnSums >> 2
    for (let column = 0; column < batch; column++) floats[at + column] = 1 / floats[at + column]!
  }

  /** From probabilities to the gradient of the loss, and that of `UNIT` queries. */
  function queryGradients(unit: number): void {
    const from = unit * UNIT
    for (let row = from; row < from + UNIT; row++) {
      const at = layout.weights + row * batchBytes
      kernels.weigh(at, batch, 1 / floats[(layout.rowSums >> 2) + row]!, layout.columnSums)
      floats[(at >> 2) + row]! -= 2
    }
    for (let k = 0; k < batch; k += BLOCK)
      for (let panel = 0; panel < dims >> 3; panel++)
        kernels.product(
          layout.weights + from * batchBytes + k * 4,
          batchBytes,
          4,
          layout.documents + (panel * batch + k) * 32,
          layout.gradient + from * rowBytes + panel * 32,
          rowBytes,
          UNIT,
          Math.min(BLOCK, batch - k),
          k,
        )
    for (let row = from; row < from + UNIT; row++) throughLength(row)
  }

  function documentGradients(unit: number): void {
    const from = unit * UNIT
    const turned = scratch >> 2
    for (let k = 0; k < batch; k += BLOCK) {
      const length = Math.min(BLOCK, batch - k)
      // Columns become rows here once; reading them in the product would miss the cache at every step.
      for (let j = 0; j < length; j++) {
        const at = (layout.weights >> 2) + (k + j) * batch + from
        for (let column = 0; column < UNIT; column++) floats[turned + column * BLOCK + j] = floats[at + column]!
      }
      for (let panel = 0; panel < dims >> 3; panel++)
        kernels.product(
          scratch,
          BLOCK * 4,
          4,
          layout.queries + (panel * batch + k) * 32,
          layout.gradient + (batch + from) * rowBytes + panel * 32,
          rowBytes,
          UNIT,
          length,
          k,
        )
    }
    for (let row = batch + from; row < batch + from + UNIT; row++) throughLength(row)
  }

  /** Through "divide by the length": what points along the vector has no effect. */
  function throughLength(text: number): void {
    const gradient = (layout.gradient >> 2) + text * dims
    const unit = (layout.unit >> 2) + text * dims
    const inverse = floats[(layout.inverseLength >> 2) + text]!
    let along = 0
    for (let k = 0; k < dims; k++) along += floats[gradient + k]! * floats[unit + k]!
    for (let k = 0; k < dims; k++) floats[gradient + k] = (floats[gradient + k]! - along * floats[unit + k]!) * inverse
  }

  /** Momentum for each row that occurred; its step is divided by the row's own root mean square gradient. */
  function updateRow(index: number, { list, rate }: StepOrder): void {
    const { items, itemStarts, itemTexts } = layout.lists[list]
    const item = numbers[(items >> 2) + index]!
    const start = numbers[(itemStarts >> 2) + index]!
    const count = numbers[(itemStarts >> 2) + index + 1]! - start
    kernels.sumRows(itemTexts + start * 4, count, layout.gradient, rowBytes, scratch)
    const meanSquare = kernels.squares(scratch, dims) / dims
    const updates = numbers[(layout.updates >> 2) + item]! + 1
    numbers[(layout.updates >> 2) + item] = updates
    const second = (layout.secondMoment >> 2) + item
    floats[second] = SECOND_MOMENT_DECAY * floats[second]! + (1 - SECOND_MOMENT_DECAY) * meanSquare
    const unbiased = floats[second]! / (1 - SECOND_MOMENT_DECAY ** updates)
    const step = rate / (Math.sqrt(unbiased) + TINY)
    kernels.step(layout.rows + item * rowBytes, layout.momentum + item * rowBytes, scratch, dims, MOMENTUM, step)
  }

  return (order: StepOrder, team: Team): void => {
    const blocks = batch / UNIT
    team.phase(2 * blocks, (unit) => {
      for (let text = unit * UNIT; text < (unit + 1) * UNIT; text++) embedText(text, order.list)
    })
    team.phase(blocks, (unit) => compare(unit, order.scale))
    team.phase(blocks, sumColumns)
    team.phase(1, invertColumns)
    team.phase(blocks, queryGradients)
    team.phase(blocks, documentGradients)
    team.phase(Math.ceil(order.items / UNIT), (unit) => {
      const end = Math.min(order.items, (unit + 1) * UNIT)
      for (let index = unit * UNIT; index < end; index++) updateRow(index, order)
    })
  }
}

/** Mean loss of the batch whose step was just made: the average of both directions, in nats. */
export function batchLoss(memory: WebAssembly.Memory, { batch }: Shape, layout: Layout): number {
  const floats = new Float32Array(memory.buffer)
  let loss = 0
  for (let row = 0; row < batch; row++) {
    const hit = floats[(layout.diagonal >> 2) + row]!
    loss +=
      Math.log(floats[(layout.rowSums >> 2) + row]! / hit) - Math.log(hit * floats[(layout.columnSums >> 2) + row]!)
  }
  return loss / (2 * batch)
}
