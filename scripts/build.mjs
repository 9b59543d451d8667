// Builds dist/: the program (split, so that each command loads only what it needs), the worker, and the site's assets
// with the hash of their content in their names.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const staging = join(root, `dist.${process.pid}`)
rmSync(staging, { recursive: true, force: true })
mkdirSync(join(staging, 'assets'), { recursive: true })
process.on('exit', () => rmSync(staging, { recursive: true, force: true }))

await build({
  absWorkingDir: root,
  entryPoints: {
    main: 'src/main.ts',
    'import-worker': 'src/cli/import-worker.ts',
    'engine-thread': 'src/engine/worker/engine-thread.ts',
    'social-card-worker': 'src/web/social-card/worker.ts',
    'train-worker': 'src/engine/train/train-worker.ts',
    'transformers-thread': 'src/search/embedders/transformers-thread.ts',
  },
  outdir: staging,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  packages: 'external',
  jsx: 'automatic',
  jsxImportSource: 'hono/jsx',
  sourcemap: 'linked',
  logLevel: 'warning',
})

const names = {}
/** Writes a file of the site under a name that changes with its content. */
function emit(name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10)
  names[name] = name.replace(/(\.[a-z0-9]+)$/, `-${hash}$1`)
  writeFileSync(join(staging, 'assets', names[name]), content)
}

function missing(name) {
  throw new Error(`a style asks for ${name}, which the build does not make`)
}

const fonts = 'node_modules/@fontsource-variable/newsreader/files'
emit('newsreader-latin.woff2', readFileSync(join(root, fonts, 'newsreader-latin-wght-normal.woff2')))
emit('newsreader-latin-ext.woff2', readFileSync(join(root, fonts, 'newsreader-latin-ext-wght-normal.woff2')))

const { logoSvg } = await import('../src/web/social-card/logo.ts')
emit('favicon.svg', logoSvg('#b23a1c'))

const site = await build({
  absWorkingDir: root,
  entryPoints: {
    'site-script': 'src/web/islands/site.ts',
    'person-script': 'src/web/islands/person.ts',
    'site-style': 'src/web/styles/site.css',
  },
  outdir: staging,
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
  target: ['es2022', 'chrome123', 'firefox120', 'safari17.5'],
  external: ['asset:*'],
  logLevel: 'warning',
})
for (const file of site.outputFiles) {
  if (file.path.endsWith('person-script.js')) emit('person.js', file.text)
  else if (file.path.endsWith('.js')) emit('site.js', file.text)
  else
    emit(
      'site.css',
      file.text.replace(/asset:([a-z0-9.-]+)/g, (_, name) => names[name] ?? missing(name)),
    )
}

const { copyCardAssets } = await import('../src/web/social-card/assets.ts')
copyCardAssets(join(staging, 'assets'))
writeFileSync(join(staging, 'assets.json'), JSON.stringify(names, null, 1))

// Swap in one go: a program that starts meanwhile sees the old build or the new one.
const target = join(root, 'dist')
if (existsSync(target)) renameSync(target, `${staging}.old`)
renameSync(staging, target)
for (const name of readdirSync(root))
  if (/^dist\.\d+\.old$/.test(name)) rmSync(join(root, name), { recursive: true, force: true })
