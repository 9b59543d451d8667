/** The position in numbers of rising order of the first that is not below `value`; behind the last when all are. */
export function firstNotBelow(numbers: Uint16Array | Uint32Array, value: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (numbers[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
