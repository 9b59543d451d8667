import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { packageFile } from '../src/lib/assets.ts'
import { temporaryFolder } from './databases.ts'

// The real launcher over the smallest project that has everything it looks at.
function tinyProject(folder: string): void {
  for (const name of ['src', 'scripts', 'data']) mkdirSync(join(folder, name))
  copyFileSync(packageFile('launch.mjs'), join(folder, 'launch.mjs'))
  writeFileSync(join(folder, 'package.json'), '{"name":"tiny","version":"1.0.0","type":"module"}')
  writeFileSync(
    join(folder, 'package-lock.json'),
    '{"name":"tiny","version":"1.0.0","lockfileVersion":3,"requires":true,"packages":{"":{"name":"tiny","version":"1.0.0"}}}',
  )
  writeFileSync(join(folder, 'src/main.ts'), '1')
  writeFileSync(
    join(folder, 'scripts/build.mjs'),
    `import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
     mkdirSync('dist', { recursive: true }); appendFileSync('builds', 'x')
     writeFileSync('dist/main.js', 'console.log(process.argv.slice(2).join(" ")); process.exitCode = Number(process.argv[3] ?? 0)')`,
  )
}

async function launch(folder: string, ...args: string[]) {
  const child = spawn(process.execPath, [join(folder, 'launch.mjs'), ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const [code] = await once(child, 'close')
  return { code, output: output.trim(), errors }
}

const builds = (folder: string) => readFileSync(join(folder, 'builds'), 'utf8').length

test('installs and builds once, then starts at once; arguments and exit code pass through', async (t) => {
  const folder = temporaryFolder(t)
  tinyProject(folder)
  const first = await launch(folder, 'import', '3')
  assert.deepEqual([first.code, first.output], [3, 'import 3'], first.errors)
  assert.match(first.errors, /Installing dependencies/)
  const second = await launch(folder, 'serve')
  assert.deepEqual([second.code, second.output, second.errors], [0, 'serve', ''])
  assert.equal(builds(folder), 1)
})

test('builds again when a source changed, came or went, and installs again when the lockfile changed', async (t) => {
  const folder = temporaryFolder(t)
  tinyProject(folder)
  await launch(folder)
  writeFileSync(join(folder, 'src/more.ts'), '2')
  await launch(folder)
  appendFileSync(join(folder, 'src/more.ts'), '3')
  await launch(folder)
  rmSync(join(folder, 'src/more.ts'))
  await launch(folder)
  assert.equal(builds(folder), 4)
  writeFileSync(join(folder, 'src/more.test.ts'), 'tests are not built')
  await launch(folder)
  assert.equal(builds(folder), 4)
  appendFileSync(join(folder, 'package-lock.json'), '\n')
  assert.match((await launch(folder)).errors, /Installing dependencies/)
})

test('two first starts at once do not install into each other, and a setup that was killed blocks nobody', async (t) => {
  const folder = temporaryFolder(t)
  tinyProject(folder)
  mkdirSync(join(folder, '.runtime'))
  writeFileSync(join(folder, '.runtime/setup.lock'), '999999999')
  const both = await Promise.all([launch(folder, 'a'), launch(folder, 'b')])
  assert.deepEqual(
    both.map((one) => [one.code, one.output]),
    [
      [0, 'a'],
      [0, 'b'],
    ],
    both.map((one) => one.errors).join(),
  )
  assert.equal(builds(folder), 1)
})
