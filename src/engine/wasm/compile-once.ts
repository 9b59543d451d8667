/**
 * What compiles a module when it is first asked for, once a thread. It answers undefined on a machine without the SIMD or the
 * memories that the module uses: the plain loops beside each give the same results.
 */
export function compileOnce(bytes: () => Uint8Array<ArrayBuffer>): () => WebAssembly.Module | undefined {
  let module: WebAssembly.Module | undefined
  let isTried = false
  return () => {
    if (!isTried) {
      isTried = true
      try {
        module = new WebAssembly.Module(bytes())
      } catch {
        // stays undefined
      }
    }
    return module
  }
}
