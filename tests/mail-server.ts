// A real SMTP server in the test's own process, which can refuse, stall and drop as servers out there do.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** What the server does with a message: take it, answer with a code, say nothing, or cut the line. */
export type Treatment = 'accept' | 'stall' | 'drop' | { code: number; text: string }

/** Decides by recipient, at each of the places where a server may have an opinion. `nth` counts messages from 0. */
export type Manners = {
  connect?: (nth: number) => Treatment
  sender?: (from: string, nth: number) => Treatment
  recipient?: (to: string, nth: number) => Treatment
  /** After the whole message has arrived. A `drop` here leaves the sender in the dark; `taken` whether it was kept. */
  message?: (to: string, nth: number) => Treatment | { drop: 'taken' }
}

export type Delivered = { from: string; to: string; raw: Buffer; user?: string; isEncrypted: boolean }

export type MailServer = {
  port: number
  delivered: Delivered[]
  /** The messages of one recipient, parsed by a library that is not ours. */
  mailTo(address: string): Promise<ParsedMail[]>
  close(): Promise<void>
  connections: () => number
}

type Test = Pick<TestContext, 'after'>

export async function startMailServer(
  t: Test,
  manners: Manners = {},
  options: SMTPServerOptions = {},
): Promise<MailServer> {
  const server = await openMailServer(manners, options)
  t.after(() => server.close())
  return server
}

export async function openMailServer(manners: Manners = {}, options: SMTPServerOptions = {}): Promise<MailServer> {
  const delivered: Delivered[] = []
  const counts = { connect: 0, sender: 0, recipient: 0, message: 0, open: 0 }
  const cut = (id: string) => {
    for (const connection of server.connections as Set<{ session: { id: string }; _socket: { destroy(): void } }>)
      if (connection.session.id === id) connection._socket.destroy()
  }
  const apply = (treatment: Treatment, id: string, answer: (error?: Error) => void) => {
    if (treatment === 'accept') answer()
    else if (treatment === 'drop') cut(id)
    else if (treatment !== 'stall') answer(refusal(treatment))
  }
  const server: SMTPServer = new SMTPServer({
    authOptional: true,
    disabledCommands: options.secure || options.cert ? [] : ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 20,
    ...options,
    onConnect: (session, answer) => {
      counts.open++
      apply(manners.connect?.(counts.connect++) ?? 'accept', session.id, answer)
    },
    onClose: () => {
      counts.open--
    },
    onMailFrom: ({ address }, session, answer) =>
      apply(manners.sender?.(address, counts.sender++) ?? 'accept', session.id, answer),
    onRcptTo: ({ address }, session, answer) =>
      apply(manners.recipient?.(address, counts.recipient++) ?? 'accept', session.id, answer),
    onData: (stream, session, answer) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo[0]?.address ?? ''
        const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : ''
        const treatment = manners.message?.(to, counts.message++) ?? 'accept'
        if (treatment === 'accept' || (typeof treatment === 'object' && 'drop' in treatment)) {
          const user = session.user === undefined ? {} : { user: String(session.user) }
          delivered.push({ from, to, raw: Buffer.concat(chunks), isEncrypted: session.secure, ...user })
        }
        if (typeof treatment === 'object' && 'drop' in treatment) return cut(session.id)
        apply(treatment, session.id, answer)
      })
    },
  })
  server.on('error', () => {}) // a client that goes away in the middle is what these tests are about
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    port: (server.server.address() as AddressInfo).port,
    delivered,
    connections: () => counts.open,
    mailTo: (address) => Promise.all(delivered.filter(({ to }) => to === address).map(({ raw }) => simpleParser(raw))),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function refusal({ code, text }: { code: number; text: string }): Error {
  return Object.assign(new Error(text), { responseCode: code })
}

/** A certificate for localhost and its key, made by OpenSSL; undefined where there is none. */
export function localCertificate(t: Test): { certFile: string; key: Buffer; cert: Buffer } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-cert-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', keyFile, '-out', certFile],
  ])
  if (made.status !== 0) return undefined
  return { certFile, key: readFileSync(keyFile), cert: readFileSync(certFile) }
}
