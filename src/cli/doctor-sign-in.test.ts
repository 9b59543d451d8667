import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from '../config.ts'
import { signInFindings } from './doctor-sign-in.ts'

const wrong = (environment: Record<string, string>) =>
  signInFindings(readConfig(environment))
    .filter(({ ok }) => !ok)
    .map(({ what, detail }) => `${what}: ${detail}`)

test('a fresh machine is in order', () => {
  assert.deepEqual(wrong({}), [])
  assert.deepEqual(wrong({ PAPERROUND_BASE_URL: 'https://papers.example.org', HOST: '0.0.0.0' }), [])
  assert.deepEqual(wrong({ PAPERROUND_BASE_URL: 'http://localhost:3000' }), [])
})

test('what keeps people out is named with the setting that lets them in', () => {
  assert.match(wrong({ HOST: '0.0.0.0' }).join(), /PAPERROUND_BASE_URL/)
  assert.match(wrong({ PAPERROUND_BASE_URL: 'http://papers.example.org' }).join(), /not https/)
  assert.match(wrong({ PAPERROUND_BASE_URL: 'https://example.org/papers' }).join(), /has a path/)
  assert.match(wrong({ SMTP_URL: 'smtp://localhost:25?tls=none' }).join(), /PAPERROUND_MAIL_FROM, PAPERROUND_BASE_URL/)
  assert.match(wrong({ PAPERROUND_ORCID_ID: 'x' }).join(), /ORCID: client id and secret/)
})
