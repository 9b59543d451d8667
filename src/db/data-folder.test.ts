import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../tests/databases.ts'
import { instanceSecret, lockDataFolder } from './index.ts'

const holder = { command: 'test', pid: process.pid, since: new Date('2026-03-02T12:00:00.000Z') }

test('a second program is refused and told who holds the folder; after the first it may', (t) => {
  const folder = temporaryFolder(t)
  const first = lockDataFolder(folder, holder)
  assert.throws(
    () => lockDataFolder(folder, holder),
    (error: Error & { code: string }) => error.code === 'folder_in_use' && error.message.includes(String(process.pid)),
  )
  first[Symbol.dispose]()
  lockDataFolder(folder, holder)[Symbol.dispose]()
})

test('a program killed with -9 holds nothing', async (t) => {
  const folder = temporaryFolder(t)
  const script = `import { lockDataFolder } from '${new URL('./data-folder.ts', import.meta.url)}'
    globalThis.held = lockDataFolder(${JSON.stringify(folder)}, { command: 'other', pid: process.pid, since: new Date() })
    console.log('held'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  assert.throws(() => lockDataFolder(folder, holder), { code: 'folder_in_use' })
  child.kill('SIGKILL')
  await once(child, 'exit')
  lockDataFolder(folder, holder)[Symbol.dispose]()
})

test('the secret is made once, long, and readable by its owner only', (t) => {
  const folder = temporaryFolder(t)
  const secret = instanceSecret(folder)
  assert.match(secret, /^[\w-]{43}$/)
  assert.equal(instanceSecret(folder), secret)
  assert.equal(statSync(join(folder, 'secret')).mode & 0o777, 0o600)
  writeFileSync(join(folder, 'secret'), 'mine', { mode: 0o644 })
  assert.equal(instanceSecret(folder), 'mine')
  assert.equal(readFileSync(join(folder, 'secret'), 'utf8'), 'mine')
})
