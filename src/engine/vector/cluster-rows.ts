import { centroidLevels, NearestCentroids } from './nearest-centroids.ts'

/** Rows of whole numbers with the factors that turn them back, `dims` numbers each. */
export type ScaledRows = { readonly rows: Int8Array; readonly scales: Float32Array; readonly dims: number }

/** Rows for each cluster that its centroid is found by; and how often it is moved to their mean. More changes nothing. */
const sampledRows = 16
const rounds = 4

/**
 * Spherical k-means: for each row the number of its cluster, below `clusters` (a multiple of 4). Centroids are found by a part
 * of the rows. The same rows always give the same clusters.
 */
export function clusterRows(all: ScaledRows, clusters: number, useSimd = true): Uint16Array {
  const { rows, scales, dims } = all
  const nearest = new NearestCentroids(dims, clusters, useSimd)
  const sample = sampleOf(all, clusters * sampledRows)
  const clusterOf = new Uint16Array(scales.length)
  const sums = new Float32Array(clusters * dims)
  const apart = Math.floor(sample.scales.length / clusters)
  for (let n = 0; n < clusters; n++) addRow(sample, n * apart, sums, n * dims)
  for (let round = 0; round < rounds; round++) {
    setDirections(nearest, sums, clusters, dims)
    nearest.find(sample.rows, sample.scales.length, clusterOf)
    addUp(sample, clusterOf, sums, clusters)
  }
  setDirections(nearest, sums, clusters, dims)
  nearest.find(rows, scales.length, clusterOf)
  return clusterOf
}

/** About so many rows, evenly spread. */
function sampleOf({ rows, scales, dims }: ScaledRows, wanted: number): ScaledRows {
  const step = Math.max(1, Math.floor(scales.length / wanted))
  const count = Math.floor(scales.length / step)
  const sample = { rows: new Int8Array(count * dims), scales: new Float32Array(count), dims }
  for (let n = 0; n < count; n++) {
    sample.rows.set(rows.subarray(n * step * dims, (n * step + 1) * dims), n * dims)
    sample.scales[n] = scales[n * step]!
  }
  return sample
}

/** A cluster that no row is in keeps its direction. */
function addUp(from: ScaledRows, clusterOf: Uint16Array, sums: Float32Array, clusters: number): void {
  const { scales, dims } = from
  const isKept = new Uint8Array(clusters).fill(1)
  for (let n = 0; n < scales.length; n++) isKept[clusterOf[n]!] = 0
  for (let n = 0; n < clusters; n++) if (!isKept[n]) sums.fill(0, n * dims, (n + 1) * dims)
  for (let n = 0; n < scales.length; n++) addRow(from, n, sums, clusterOf[n]! * dims)
}

function addRow({ rows, scales, dims }: ScaledRows, row: number, sums: Float32Array, at: number): void {
  const scale = scales[row]!
  for (let i = 0, from = row * dims; i < dims; i++) sums[at + i]! += rows[from + i]! * scale
}

/** The sums as directions in whole numbers, with one factor for all. */
function setDirections(nearest: NearestCentroids, sums: Float32Array, clusters: number, dims: number): void {
  const factors = new Float64Array(clusters)
  let highest = 0
  for (let n = 0; n < clusters; n++) {
    let squares = 0
    let largest = 0
    for (let i = n * dims; i < (n + 1) * dims; i++) {
      const size = Math.abs(sums[i]!)
      squares += size * size
      if (size > largest) largest = size
    }
    factors[n] = squares > 0 ? 1 / Math.sqrt(squares) : 0
    highest = Math.max(highest, largest * factors[n]!)
  }
  const direction = new Int8Array(dims)
  for (let n = 0; n < clusters; n++) {
    const factor = highest > 0 ? (factors[n]! * centroidLevels) / highest : 0
    for (let i = 0; i < dims; i++) direction[i] = Math.round(sums[n * dims + i]! * factor)
    nearest.setCentroid(n, direction)
  }
}
