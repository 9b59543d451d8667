import { compiledKernel } from './compiled-kernel.ts'

/** Bytes that threads can share, and the WebAssembly memory they lie in from its start, if they lie in one. */
export type VectorMemory = { bytes: Uint8Array; memory?: WebAssembly.Memory | undefined }

/** Fewer bytes than this are not worth a memory of their own, which takes a stretch of address space. */
const leastBytes = 16_384

/** New memory for vectors that the kernel can work on and threads can share; `memory` is undefined where there is none. */
export function allocateVectors(byteLength: number): VectorMemory {
  if (byteLength >= leastBytes && compiledKernel()) {
    try {
      const pages = Math.ceil(byteLength / 65_536)
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
      return { bytes: new Uint8Array(memory.buffer, 0, byteLength), memory }
    } catch {
      // Out of address space: ordinary memory and the plain loops do.
    }
  }
  return { bytes: new Uint8Array(new SharedArrayBuffer(byteLength)) }
}
