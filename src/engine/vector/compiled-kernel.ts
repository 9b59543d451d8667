import { kernelBytes } from './kernel-code.ts'

let module: WebAssembly.Module | undefined | 'none'

/** The compiled loops, once a thread; undefined on a machine without the SIMD or the memories they use. */
export function compiledKernel(): WebAssembly.Module | undefined {
  if (module === undefined) {
    try {
      module = new WebAssembly.Module(kernelBytes())
    } catch {
      module = 'none' // no SIMD here: the plain loops give the same results
    }
  }
  return module === 'none' ? undefined : module
}
