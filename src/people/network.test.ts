import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserInWords } from './browser-in-words.ts'
import { networkOf } from './network.ts'

test('of an address the network is kept, never the machine', () => {
  assert.equal(networkOf('192.0.2.77'), '192.0.2.0/24')
  assert.equal(networkOf('::ffff:192.0.2.77'), '192.0.2.0/24')
  assert.equal(networkOf('2001:db8:12:34:56:78:9a:bc'), '2001:db8:12::/48')
  assert.equal(networkOf('2001:db8::1'), '2001:db8:0::/48')
  assert.equal(networkOf('fe80::1%eth0'), 'fe80:0:0::/48')
  assert.equal(networkOf('unknown'), null)
})

test('of a browser its name and system are kept', () => {
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
  const safari =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'
  assert.equal(browserInWords(firefox), 'Firefox on Linux')
  assert.equal(browserInWords(safari), 'Safari on iOS')
  assert.equal(browserInWords('curl/8'), 'A browser')
})
