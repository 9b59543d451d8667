import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../tests/databases.ts'
import { inspectConfig, readConfig, settings } from './config.ts'

test('an empty environment is a whole configuration', () => {
  const config = readConfig({})
  assert.equal(config.port, 3000)
  assert.equal(config.host, 'localhost')
  assert.equal(config.databaseUrl, undefined)
  assert.equal(config.starter, true)
  assert.ok(Object.isFrozen(config))
})

test('all mistakes are reported at once, each with its name, and secrets are not shown', () => {
  const environment = {
    PORT: 'eighty',
    DATABASE_URL: 'mysql://root:hunter2@db',
    PAPERROUND_CONTACT: 'me',
    PAPERROUND_EDITR: 'AK',
    PAPERROUND_STARTER: 'maybe',
  }
  assert.throws(
    () => readConfig(environment),
    (error: Error) => {
      for (const name of Object.keys(environment)) assert.match(error.message, new RegExp(name), name)
      assert.match(error.message, /5 mistake/)
      assert.doesNotMatch(error.message, /hunter2/)
      return true
    },
  )
})

test('a secret may come from a file; a file that is not there is a mistake with its name', (t) => {
  const file = join(temporaryFolder(t), 'url')
  writeFileSync(file, 'postgres://paper@localhost/round\n')
  assert.equal(readConfig({ DATABASE_URL_FILE: file }).databaseUrl, 'postgres://paper@localhost/round')
  assert.throws(() => readConfig({ DATABASE_URL_FILE: '/nowhere/url' }), /\/nowhere\/url cannot be read/)
})

test('production refuses a default or short secret, and takes a long one or none', () => {
  for (const secret of ['changeme', 'devkey', 'short', 'secret-secret-secret-secret-secret-secret']) {
    assert.throws(
      () => readConfig({ NODE_ENV: 'production', PAPERROUND_SECRET: secret }),
      /too weak for production/,
      secret,
    )
    assert.equal(readConfig({ PAPERROUND_SECRET: secret }).secret, secret)
  }
  assert.equal(readConfig({ NODE_ENV: 'production' }).secret, undefined)
  readConfig({ NODE_ENV: 'production', PAPERROUND_SECRET: 'x7Jq0n3kVfP2mZr8tYb5cWd1hLs6gAe9' })
})

test('every setting has its customary name, a line of explanation, and a default that is right', () => {
  for (const { env, about } of Object.values(settings)) {
    assert.match(env, /^PAPERROUND_[A-Z_]+$|^(PORT|HOST|DATABASE_URL|SMTP_URL|NODE_ENV)$/)
    assert.ok(about.length > 10, env)
  }
  assert.deepEqual(
    inspectConfig({}).report.filter((row) => row.problem),
    [],
  )
})
