import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Signs as `selector._domainkey.domain` (RFC 6376, rsa-sha256, relaxed/relaxed). */
export type DkimKey = { domain: string; selector: string; privateKey: KeyObject }

/** Every one that is there is signed. Named twice where adding another must break the signature. */
const signedHeaders = [
  ...['from', 'from', 'to', 'to', 'subject', 'subject', 'date', 'message-id', 'reply-to', 'mime-version'],
  ...['content-type', 'list-id', 'list-unsubscribe', 'list-unsubscribe', 'list-unsubscribe-post', 'list-help'],
  ...['list-archive', 'feedback-id', 'auto-submitted', 'precedence'],
]
const RSA_BITS = 2048
const signInThread = promisify(sign)

/** The key of this instance, generated at first use into the data folder, readable by its owner only. */
export function loadDkimKey(folder: string, domain: string, selector: string): DkimKey {
  const file = join(folder, `dkim-${selector}.pem`)
  try {
    const { privateKey } = generateIfMissing(file)
    if (privateKey) writeFileSync(file, privateKey, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  chmodSync(file, 0o600)
  return { domain, selector, privateKey: createPrivateKey(readFileSync(file)) }
}

function generateIfMissing(file: string): { privateKey?: string } {
  try {
    readFileSync(file)
    return {}
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: RSA_BITS,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return { privateKey }
}

/** What to publish as TXT at `dkimName(key)`. */
export function dkimRecord({ privateKey }: DkimKey): string {
  const key = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  return `v=DKIM1; k=rsa; p=${key.toString('base64')}`
}

export const dkimName = ({ domain, selector }: Pick<DkimKey, 'domain' | 'selector'>) =>
  `${selector}._domainkey.${domain}`

/** The message with its signature in front. The signing itself runs in another thread. */
export async function signMessage(message: Buffer, key: DkimKey): Promise<Buffer> {
  const end = message.indexOf('\r\n\r\n')
  if (end < 0) throw new Error('a message to sign has headers, an empty line and a body')
  const headers = message
    .subarray(0, end)
    .toString('latin1')
    .split(/\r\n(?![ \t])/)
  const body = message.subarray(end + 4).toString('latin1')
  const { names, text } = canonicalHeaders(headers)
  const bodyHash = createHash('sha256').update(canonicalBody(body), 'latin1').digest('base64')
  const tags = [
    'v=1; a=rsa-sha256; c=relaxed/relaxed',
    `d=${key.domain}; s=${key.selector}`,
    ...foldedNames(names),
    `bh=${bodyHash}`,
    'b=',
  ]
  const unsigned = `DKIM-Signature: ${tags.join(';\r\n ').replaceAll(':;', ':')}`
  const signed = Buffer.from(text + canonicalHeader(unsigned), 'latin1')
  const signature = (await signInThread('sha256', signed, key.privateKey)).toString('base64')
  const folded = signature.replace(/.{70}(?=.)/g, '$&\r\n  ')
  return Buffer.concat([Buffer.from(`${unsigned}${folded}\r\n`, 'latin1'), message])
}

/** `h=` in lines of modest length; all but the last end in a colon. */
function foldedNames(names: string[]): string[] {
  const perLine = 8
  const lines: string[] = []
  for (let at = 0; at < names.length; at += perLine) {
    const isLast = at + perLine >= names.length
    lines.push(`${at === 0 ? 'h=' : ''}${names.slice(at, at + perLine).join(':')}${isLast ? '' : ':'}`)
  }
  return lines
}

/** From the bottom upwards; a name without a header left signs its absence. */
function canonicalHeaders(headers: string[]): { names: string[]; text: string } {
  const byName = Map.groupBy(headers, (header) => nameOf(header))
  const names: string[] = []
  let text = ''
  for (const name of signedHeaders) {
    const left = byName.get(name)
    if (!left) continue
    const header = left.pop()
    names.push(name)
    if (header !== undefined) text += `${canonicalHeader(header)}\r\n`
  }
  return { names, text }
}

const nameOf = (header: string) => header.slice(0, header.indexOf(':')).trim().toLowerCase()

function canonicalHeader(header: string): string {
  const value = header.slice(header.indexOf(':') + 1)
  const unfolded = value
    .replaceAll('\r\n', '')
    .replaceAll(/[ \t]+/g, ' ')
    .trim()
  return `${nameOf(header)}:${unfolded}`
}

function canonicalBody(body: string): string {
  const relaxed = body.replaceAll(/[ \t]+/g, ' ').replaceAll(' \r\n', '\r\n')
  const trimmed = relaxed.replace(/(\r\n)+$/, '')
  return trimmed === '' ? '' : `${trimmed}\r\n`
}
