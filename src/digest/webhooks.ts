import { createHash, createHmac, createPublicKey, createVerify, timingSafeEqual, verify } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import { classifyStatus } from './classify-return.ts'
import type { MailReturn } from './suppress.ts'

// Relays tell of bounces and complaints by calling us. Nothing is believed without its proof: a signature, or for
// Postmark, which signs nothing, the password that only it was given.

export const hookProviders = ['generic', 'postmark', 'sendgrid', 'ses'] as const
export type HookProvider = (typeof hookProviders)[number]

export type HookSettings = {
  /** For `generic` (HMAC-SHA256 of the body) and `postmark` (password of the address it calls). */
  secret?: string | undefined
  /** The verification key that SendGrid shows, base64. */
  sendgridKey?: string | undefined
  /** The only topic whose notices count. */
  sesTopic?: string | undefined
  /** Asks Amazon for the certificate of a signature, and confirms a subscription to the topic. */
  fetchText?: ((url: string) => Promise<string>) | undefined
}

export type HookRequest = { body: string; header: (name: string) => string | undefined; now: Date }

/** Reads a call of a relay into reports. Throws `not_allowed` when it cannot prove where it comes from. */
export async function readHook(
  provider: HookProvider,
  request: HookRequest,
  settings: HookSettings,
): Promise<MailReturn[]> {
  switch (provider) {
    case 'generic':
      return readGeneric(request, settings)
    case 'postmark':
      return readPostmark(request, settings)
    case 'sendgrid':
      return readSendgrid(request, settings)
    case 'ses':
      return readSes(request, settings)
  }
}

function refuse(): never {
  throw new AppError('not_allowed', 'This call does not prove where it comes from. Check the secret on both sides.')
}

function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

function parse<T>(schema: z.ZodType<T>, body: string): T {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch (cause) {
    throw new AppError('bad_request', 'The body is not JSON.', { cause })
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success)
    throw new AppError('bad_request', `The body is not as expected: ${parsed.error.issues[0]?.message}`)
  return parsed.data
}

const genericSchema = z.object({
  events: z
    .array(
      z.object({
        id: z.string().max(200),
        kind: z.enum(['hard', 'soft', 'other', 'complaint']),
        address: z.string().max(254).optional(),
        delivery: z.string().max(64).optional(),
        status: z.string().max(20).optional(),
        text: z.string().max(2_000).optional(),
      }),
    )
    .max(1_000),
})

/** Five minutes either way: an old call cannot be played again. */
const MAX_AGE_SECONDS = 300
/** Relays keep trying for a day where we were not there, with the time and the signature of the first try. */
const MAX_RETRY_SECONDS = 25 * 3600

/** Whether something was signed too long ago, or by a clock too far ahead of ours; also what is no time at all. */
const isLate = (signedAtSeconds: number, now: Date, maxAge: number) => {
  const age = now.getTime() / 1000 - signedAtSeconds
  return !(age <= maxAge && age >= -MAX_AGE_SECONDS)
}

/** `x-signature: sha256=HEX` over `TIMESTAMP.BODY`, with the seconds since 1970 in `x-timestamp`. */
function readGeneric({ body, header, now }: HookRequest, { secret }: HookSettings): MailReturn[] {
  const timestamp = header('x-timestamp') ?? ''
  if (!secret || timestamp === '' || isLate(Number(timestamp), now, MAX_AGE_SECONDS)) refuse()
  const wanted = `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`
  if (!isSame(header('x-signature') ?? '', wanted)) refuse()
  return parse(genericSchema, body).events.map(({ id, kind, address, delivery, status, text }) => ({
    ...{ kind, address, deliveryId: delivery, status },
    evidence: text ?? kind,
    reportId: `generic ${id}`,
  }))
}

const postmarkSchema = z.object({
  RecordType: z.string(),
  ID: z.union([z.number(), z.string()]).optional(),
  Type: z.string().optional(),
  Email: z.string().optional(),
  Description: z.string().optional(),
  Details: z.string().optional(),
})

function readPostmark({ body, header }: HookRequest, { secret }: HookSettings): MailReturn[] {
  const given = Buffer.from((header('authorization') ?? '').replace(/^Basic /i, ''), 'base64').toString('utf8')
  if (!secret || !isSame(given.slice(given.indexOf(':') + 1), secret)) refuse()
  const event = parse(postmarkSchema, body)
  if (!event.Email) return []
  const kinds: Record<string, MailReturn['kind']> = {
    HardBounce: 'hard',
    BadEmailAddress: 'hard',
    ManuallyDeactivated: 'hard',
    SpamComplaint: 'complaint',
    SoftBounce: 'soft',
    Transient: 'soft',
    DnsError: 'soft',
  }
  const kind = event.RecordType === 'SpamComplaint' ? 'complaint' : (kinds[event.Type ?? ''] ?? 'other')
  if (event.RecordType !== 'SpamComplaint' && event.RecordType !== 'Bounce') return []
  const evidence = event.Details || event.Description || event.Type || event.RecordType
  return [{ kind, address: event.Email, evidence, reportId: `postmark ${event.RecordType} ${event.ID ?? evidence}` }]
}

const sendgridSchema = z
  .array(
    z.object({
      email: z.string().optional(),
      event: z.string(),
      type: z.string().optional(),
      status: z.string().optional(),
      reason: z.string().optional(),
      sg_event_id: z.string().optional(),
    }),
  )
  .max(5_000)

function readSendgrid({ body, header, now }: HookRequest, { sendgridKey }: HookSettings): MailReturn[] {
  const signature = header('x-twilio-email-event-webhook-signature') ?? ''
  const timestamp = header('x-twilio-email-event-webhook-timestamp') ?? ''
  if (!sendgridKey || signature === '') refuse()
  const key = createPublicKey({ key: Buffer.from(sendgridKey, 'base64'), format: 'der', type: 'spki' })
  if (!verify('sha256', Buffer.from(timestamp + body), key, Buffer.from(signature, 'base64'))) refuse()
  if (timestamp === '' || isLate(Number(timestamp), now, MAX_RETRY_SECONDS)) refuse()
  return parse(sendgridSchema, body).flatMap(({ email, event, type, status, reason, sg_event_id }) => {
    if (!email || !['bounce', 'dropped', 'spamreport', 'blocked'].includes(event)) return []
    const text = reason ?? type ?? event
    const kind =
      event === 'spamreport'
        ? 'complaint'
        : type === 'blocked' || event === 'dropped'
          ? 'other'
          : classifyStatus(status, text)
    return [{ kind, address: email, status, evidence: text, reportId: `sendgrid ${sg_event_id ?? `${email} ${text}`}` }]
  })
}

const snsSchema = z.object({
  Type: z.string(),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string(),
  Signature: z.string(),
  SignatureVersion: z.string(),
  SigningCertURL: z.string(),
  Subject: z.string().optional(),
  SubscribeURL: z.string().optional(),
  Token: z.string().optional(),
})
const recipients = z.array(
  z.object({ emailAddress: z.string(), status: z.string().optional(), diagnosticCode: z.string().optional() }),
)
const sesSchema = z.object({
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  bounce: z.object({ bounceType: z.string(), bouncedRecipients: recipients }).optional(),
  complaint: z.object({ complainedRecipients: recipients }).optional(),
})

const isAmazon = (url: string) =>
  URL.canParse(url) &&
  new URL(url).protocol === 'https:' &&
  /^sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(new URL(url).hostname)

async function readSes({ body, now }: HookRequest, { sesTopic, fetchText }: HookSettings): Promise<MailReturn[]> {
  const notice = parse(snsSchema, body)
  if (!sesTopic || !fetchText || notice.TopicArn !== sesTopic || !isAmazon(notice.SigningCertURL)) refuse()
  const signed =
    notice.Type === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  const fields = notice as Record<string, string | undefined>
  const text = signed.flatMap((name) => (fields[name] === undefined ? [] : [`${name}\n${fields[name]}\n`])).join('')
  const verifier = createVerify(notice.SignatureVersion === '2' ? 'RSA-SHA256' : 'RSA-SHA1').update(text)
  const certificate = await fetchText(notice.SigningCertURL)
  if (!verifier.verify(certificate, notice.Signature, 'base64')) refuse()
  if (isLate(Date.parse(notice.Timestamp) / 1000, now, MAX_RETRY_SECONDS)) refuse()
  if (notice.Type === 'SubscriptionConfirmation' && notice.SubscribeURL && isAmazon(notice.SubscribeURL)) {
    await fetchText(notice.SubscribeURL)
    return []
  }
  if (notice.Type !== 'Notification') return []
  const { bounce, complaint } = parse(sesSchema, notice.Message)
  const reportId = (address: string) => `ses ${notice.MessageId} ${address}`
  if (complaint)
    return complaint.complainedRecipients.map(({ emailAddress }) => ({
      ...{ kind: 'complaint' as const, address: emailAddress },
      evidence: 'complaint told by SES',
      reportId: reportId(emailAddress),
    }))
  return (bounce?.bouncedRecipients ?? []).map(({ emailAddress, status, diagnosticCode = '' }) => ({
    kind: bounce?.bounceType === 'Permanent' ? classifyPermanent(status, diagnosticCode) : ('soft' as const),
    ...{ address: emailAddress, status },
    evidence: diagnosticCode || `${bounce?.bounceType} bounce told by SES`,
    reportId: reportId(emailAddress),
  }))
}

/** SES calls permanent what it will not try again; only a mailbox that is not there ends the mail. */
function classifyPermanent(status: string | undefined, text: string): MailReturn['kind'] {
  const kind = classifyStatus(status, text)
  return status === undefined && text === '' ? 'hard' : kind
}
