import { createKernels } from '../wasm/float-kernels.ts'

/** Sparse lines, as `fit-local.ts` makes them. */
type SparseLines = { starts: Uint32Array; places: Uint32Array; weights: Float32Array }

/**
 * A tall matrix of `dims` columns (a multiple of 16) and what subspace iteration does to it. `matrices[0]` is the matrix; the
 * other takes results, then they change places.
 */
export type MatrixSpace = {
  readonly matrices: [Float32Array, Float32Array]
  /** The matrix becomes S times it. */
  multiply(sparse: SparseLines): void
  /**
   * Makes the columns of the first `rows` rows orthonormal: with G = M'M = LL' (Cholesky), M becomes M L'^-1. A column that
   * the others already hold becomes nearly zero.
   */
  orthonormalise(rows: number): void
}

const PAGE = 65_536
/** Rows of one turn: their part of the matrix stays in the cache. */
const BLOCK = 512

export function createMatrixSpace(mostRows: number, dims: number, entries: number): MatrixSpace {
  const rowsRoom = Math.ceil(mostRows / BLOCK) * BLOCK
  let end = 0
  const place = (floats: number) => {
    const at = end
    end += Math.ceil(floats / 16) * 64
    return at
  }
  const matrixAt = [place(rowsRoom * dims), place(rowsRoom * dims)] as [number, number]
  const [placesAt, weightsAt] = [place(entries), place(entries)]
  const [panelAt, squareAt] = [place(Math.max(BLOCK, dims) * 8), place(dims * dims)]
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE) })
  const kernels = createKernels(memory)
  const floats = new Float32Array(memory.buffer)
  const view = (at: number) => floats.subarray(at >> 2, (at >> 2) + rowsRoom * dims)
  const matrices: [Float32Array, Float32Array] = [view(matrixAt[0]), view(matrixAt[1])]
  const swap = () => {
    matrixAt.reverse()
    matrices.reverse()
  }

  /** M'M. */
  function gram(rows: number): Float64Array {
    const from = matrices[0]
    from.fill(0, rows * dims, Math.ceil(rows / BLOCK) * BLOCK * dims)
    for (let start = 0; start < rows; start += BLOCK)
      for (let column = 0; column < dims; column += 8) {
        for (let row = 0; row < BLOCK; row++)
          for (let k = 0; k < 8; k++) floats[(panelAt >> 2) + row * 8 + k] = from[(start + row) * dims + column + k]!
        const rowsAt = matrixAt[0] + start * dims * 4
        kernels.product(rowsAt, 4, dims * 4, panelAt, squareAt + column * 4, dims * 4, dims, BLOCK, start)
      }
    return Float64Array.from(floats.subarray(squareAt >> 2, (squareAt >> 2) + dims * dims))
  }

  return {
    matrices,
    multiply({ starts, places, weights }) {
      new Uint32Array(memory.buffer, placesAt, places.length).set(places)
      floats.set(weights, weightsAt >> 2)
      for (let line = 0; line < starts.length - 1; line++) {
        const [start, count] = [starts[line]!, starts[line + 1]! - starts[line]!]
        const out = matrixAt[1] + line * dims * 4
        if (count === 0) floats.fill(0, out >> 2, (out >> 2) + dims)
        else kernels.sumWeightedRows(placesAt + start * 4, weightsAt + start * 4, count, matrixAt[0], dims * 4, out)
      }
      swap()
    },
    orthonormalise(rows) {
      const inverse = invertLower(choleskyFactor(gram(rows), dims), dims)
      for (let column = 0; column < dims; column += 8) {
        // Panel of L'^-1: its element (k, j) is inverse(j, k).
        for (let k = 0; k < dims; k++)
          for (let j = 0; j < 8; j++) floats[(panelAt >> 2) + k * 8 + j] = inverse[(column + j) * dims + k]!
        const padded = Math.ceil(rows / 4) * 4
        kernels.product(matrixAt[0], dims * 4, 4, panelAt, matrixAt[1] + column * 4, dims * 4, padded, dims, 0)
      }
      swap()
    },
  }
}

/** Lower triangular L with LL' = G. A pivot that is lost in rounding is set so large that its column vanishes. */
function choleskyFactor(gramMatrix: Float64Array, dims: number): Float64Array {
  const factor = gramMatrix
  for (let i = 0; i < dims; i++) {
    const before = factor[i * dims + i]!
    for (let j = 0; j <= i; j++) {
      let value = factor[i * dims + j]!
      for (let k = 0; k < j; k++) value -= factor[i * dims + k]! * factor[j * dims + k]!
      if (i > j) factor[i * dims + j] = value / factor[j * dims + j]!
      else factor[i * dims + i] = value > before * 1e-6 && value > 0 ? Math.sqrt(value) : 1e15
    }
  }
  return factor
}

function invertLower(factor: Float64Array, dims: number): Float64Array {
  const inverse = new Float64Array(dims * dims)
  for (let column = 0; column < dims; column++) {
    inverse[column * dims + column] = 1 / factor[column * dims + column]!
    for (let row = column + 1; row < dims; row++) {
      let sum = 0
      for (let k = column; k < row; k++) sum += factor[row * dims + k]! * inverse[k * dims + column]!
      inverse[row * dims + column] = -sum / factor[row * dims + row]!
    }
  }
  return inverse
}
