import { compileOnce } from '../wasm/compile-once.ts'
import { kernelBytes } from './kernel-code.ts'

/** The compiled loops. */
export const compiledKernel = compileOnce(kernelBytes)
