import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { packageRoot } from '../src/lib/assets.ts'
import { temporaryFolder } from './databases.ts'
import { isAlive, until } from './processes.ts'
import { environment } from './program.ts'

// The way a person stops the site: a signal to npm, which has to reach the program and wait for it.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`npm start ends with 0 at ${signal} and leaves nothing running`, async (t) => {
    const env = environment(temporaryFolder(t), { PORT: '0' })
    const npm = spawn('npm', ['start'], { cwd: packageRoot, env, stdio: ['ignore', 'pipe', 'ignore'] })
    let output = ''
    npm.stdout.on('data', (chunk) => {
      output += chunk
    })
    await until(() => output.includes('Ctrl-C'))
    const url = /http:\/\/\S+/.exec(output)?.[0] as string
    assert.equal((await fetch(url)).status, 200)
    npm.kill(signal)
    assert.deepEqual(await once(npm, 'exit'), [0, null])
    assert.equal(isAlive(npm.pid as number), false)
    await assert.rejects(fetch(url))
  })
}
