import assert from 'node:assert/strict'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { ensureMailServers } from '../scripts/find-mail-servers.ts'
import { temporaryFolder } from './databases.ts'

describe('mail servers for tests', () => {
  const skip = process.getuid?.() !== 0 && 'only root installs'

  test('are installed without the services that would start them, and nothing is removed for them', { skip }, (t) => {
    const folder = temporaryFolder(t)
    const [aptGet, there, missing, log] = ['apt-get', 'dovecot', 'smtpd', 'log'].map((name) => join(folder, name))
    writeFileSync(there!, '')
    writeFileSync(aptGet!, `#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >> ${log}; [ "$1" = update ] || touch ${missing}\n`)
    chmodSync(aptGet!, 0o755)
    const wanted = {
      smtpd: { package: 'opensmtpd', paths: [missing!] },
      dovecot: { package: 'dovecot-imapd', paths: [there!] },
    }
    const lines: string[] = []
    ensureMailServers({ aptGet: aptGet!, wanted, print: (line) => lines.push(line) })
    const [update, install = ''] = readFileSync(log!, 'utf8').trim().split('\n')
    assert.equal(update, 'noninteractive update')
    assert.match(install, /^noninteractive install -y .*--no-remove .* opensmtpd$/)
    assert.match(install, /--path-exclude=\/etc\/init\.d\/\*/)
    assert.equal(lines.length, 1)
    assert.ok(existsSync(missing!))
    ensureMailServers({ aptGet: '/nowhere', wanted, print: (line) => lines.push(line) })
    assert.equal(lines.length, 1, 'what is there is not installed again')
  })

  test('where they cannot be installed, the reason is told', (t) => {
    const folder = temporaryFolder(t)
    const wanted = { smtpd: { package: 'opensmtpd', paths: [join(folder, 'smtpd')] } }
    assert.throws(() => ensureMailServers({ aptGet: '/nowhere', wanted }), /apt-get install opensmtpd/)
    if (skip) return
    const aptGet = join(folder, 'apt-get')
    writeFileSync(aptGet, '#!/bin/sh\necho "E: no such package" >&2; exit 100\n')
    chmodSync(aptGet, 0o755)
    assert.throws(() => ensureMailServers({ aptGet, wanted, print: () => {} }), /E: no such package/)
  })
})
