// Node strips the types of .ts itself but refuses .tsx. This hook lets tests and benches import pages without a build.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'

let registered = false

export function register() {
  if (registered) return
  registered = true
  registerHooks({
    load(url, context, next) {
      if (!url.endsWith('.tsx')) return next(url, context)
      const file = fileURLToPath(url)
      const { code } = transformSync(readFileSync(file, 'utf8'), {
        loader: 'tsx',
        format: 'esm',
        jsx: 'automatic',
        jsxImportSource: 'hono/jsx',
        sourcemap: 'inline',
        sourcefile: file,
      })
      return { format: 'module', source: code, shortCircuit: true }
    },
  })
}

register()
