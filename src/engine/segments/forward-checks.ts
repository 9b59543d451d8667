// The bytes of a document's words that lie in a file are compared each time they are read: a disk, or somebody's hand, may change
// them while the program runs.

/** Two bytes of all from `from` to before `to`. Any one bit that changes changes it. About .3 us for an abstract. */
export function checkOf(bytes: Uint8Array, from: number, to: number): number {
  let check = 1
  for (let at = from; at < to; at++) check = ((check << 5) | (check >>> 27)) ^ bytes[at]!
  return (check ^ (check >>> 16)) & 0xffff
}

/** Of every document: `offsets` tells where each begins. */
export function forwardChecks(forward: Uint8Array, offsets: Uint32Array): Uint16Array {
  const checks = new Uint16Array(offsets.length - 1)
  for (let document = 0; document < checks.length; document++)
    checks[document] = checkOf(forward, offsets[document]!, offsets[document + 1]!)
  return checks
}
