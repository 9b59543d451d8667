const LARGEST = 127

/** Each row as int8 with a scale of its own: row = scale * int8. `rows` is items x dims. */
export function quantiseRows(rows: Float32Array, dims: number): { rows: Int8Array; scales: Float32Array } {
  const items = rows.length / dims
  const whole = new Int8Array(rows.length)
  const scales = new Float32Array(items)
  for (let item = 0; item < items; item++) {
    const at = item * dims
    let largest = 0
    for (let k = 0; k < dims; k++) largest = Math.max(largest, Math.abs(rows[at + k]!))
    if (largest === 0) continue
    scales[item] = largest / LARGEST
    for (let k = 0; k < dims; k++) whole[at + k] = Math.round((rows[at + k]! / largest) * LARGEST)
  }
  return { rows: whole, scales }
}
