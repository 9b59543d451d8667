import assert from 'node:assert/strict'
import { test } from 'node:test'
import { temporaryFolder } from '../../../tests/databases.ts'
import { dkimRecord, explainDomain, loadDkimKey, type Resolver } from './index.ts'

const fails = (code: string) => Promise.reject(Object.assign(new Error(code), { code }))

function zone(records: Record<string, string[]>): Resolver {
  const look = (name: string) => (records[name] ? Promise.resolve(records[name]) : fails('ENODATA'))
  return {
    resolveTxt: async (name) => (await look(name)).map((text) => [text.slice(0, 100), text.slice(100)]),
    resolve4: look,
    reverse: look,
  }
}

test('what is missing in the domain is named with the record to publish; what is there is found', async (t) => {
  const dkim = loadDkimKey(temporaryFolder(t), 'example.org', 'paperround')
  const question = { domain: 'example.org', smtpHost: 'mail.example.org', dkim }
  const bare = await explainDomain(question, zone({}))
  assert.deepEqual(
    bare?.map(({ what, ok }) => `${what} ${ok}`),
    ['SPF false', 'DKIM false', 'DMARC false', 'PTR true'],
  )
  assert.ok(bare?.[1]?.detail.includes(dkimRecord(dkim)))
  const full = await explainDomain(
    question,
    zone({
      'example.org': ['v=spf1 a:mail.example.org -all', 'something else'],
      'paperround._domainkey.example.org': [dkimRecord(dkim)],
      '_dmarc.example.org': ['v=DMARC1; p=reject'],
      'mail.example.org': ['192.0.2.7'],
      '192.0.2.7': ['mail.example.org'],
    }),
  )
  assert.ok(
    full?.every(({ ok }) => ok),
    JSON.stringify(full),
  )
  const twice = await explainDomain(question, zone({ 'example.org': ['v=spf1 -all', 'v=spf1 mx -all'] }))
  assert.match(twice?.[0]?.detail ?? '', /more than one counts as none/)
})

test('SPF is asked of where mail goes back to; a signature of another organization and a local relay are explained', async (t) => {
  const dkim = loadDkimKey(temporaryFolder(t), 'example.net', 'paperround')
  const question = { domain: 'example.org', returnDomain: 'papers.example.org', smtpHost: '127.0.0.1', dkim }
  const found = await explainDomain(question, zone({ 'example.org': ['v=spf1 -all'] }))
  const [spf, signature, , ptr] = found ?? []
  assert.match(spf?.detail ?? '', /may send for papers\.example\.org; .*"v=spf1 ip4:/)
  assert.doesNotMatch(spf?.detail ?? '', /127\.0\.0\.1/)
  assert.match(signature?.detail ?? '', /signatures are of example\.net, and mail is from example\.org/)
  assert.deepEqual([ptr?.ok, /cannot be seen from here/.test(ptr?.detail ?? '')], [true, true])
})

test('without an answer from anybody nothing is claimed', async () => {
  const offline: Resolver = {
    resolveTxt: () => fails('ECONNREFUSED'),
    resolve4: () => fails('EAI_AGAIN'),
    reverse: () => fails('ECONNREFUSED'),
  }
  assert.equal(await explainDomain({ domain: 'example.org', smtpHost: 'mail.example.org' }, offline), undefined)
})
