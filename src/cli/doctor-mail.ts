import { Resolver } from 'node:dns/promises'
import { existsSync } from 'node:fs'
import { openMailer } from '../compose/index.ts'
import type { Config } from '../config.ts'

type Finding = { what: string; ok: boolean; attention?: boolean; detail: string }

const DNS_TIMEOUT_MS = 2_000
const MAILBOX_TIMEOUT_MS = 10_000

/** Whether mail can be sent, and whether it will be believed; with an address, a message is sent to it. */
export async function mailFindings(config: Config, to: string | undefined): Promise<Finding[]> {
  const { smtp, mailFrom, baseUrl, digestFrom } = config
  const missing = [!smtp && 'SMTP_URL', !mailFrom && 'PAPERROUND_MAIL_FROM', !baseUrl && 'PAPERROUND_BASE_URL']
  const named = missing.filter((name): name is string => name !== false)
  if (named.length === 3 || (!smtp && !to))
    return [{ what: 'Mail', ok: !to, detail: 'not set up: set SMTP_URL, PAPERROUND_MAIL_FROM and PAPERROUND_BASE_URL' }]
  if (named.length > 0) return [{ what: 'Mail', ok: false, detail: `not sent: ${named.join(' and ')} must be set too` }]
  const { describeOutcome, describeSmtp, domainOf, explainDomain } = await import('../lib/mail/index.ts')
  // Before the first start there is no folder for a key yet, and nothing is made by looking.
  const hasFolder = existsSync(config.dataFolder)
  using mailer = await openMailer(hasFolder ? config : { ...config, dkimSelector: undefined })
  if (!mailer || !smtp || !mailFrom) return []
  const problem = await mailer.transport.check()
  const findings: Finding[] = [
    {
      what: 'Mail server',
      ok: !problem,
      detail: `${describeSmtp(smtp)}${problem ? `: ${problem}` : ' takes our mail'}`,
    },
  ]
  findings.push(await returnsFinding(config))
  if (digestFrom === undefined || digestFrom === mailFrom)
    findings.push({
      what: 'Senders',
      ok: true,
      detail:
        'digests and sign-in links share a sender; PAPERROUND_DIGEST_FROM keeps complaints about one from the other',
    })
  if (!/^https:/.test(baseUrl ?? ''))
    findings.push({
      what: 'Links in mail',
      ok: true,
      detail: `${baseUrl} is not https: mail programs show no button to unsubscribe`,
    })
  const dns = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: 1 })
  const { bounceAddress } = config
  const question = {
    domain: domainOf(digestFrom ?? mailFrom),
    returnDomain: bounceAddress && domainOf(bounceAddress),
    smtpHost: smtp.host,
    dkim: mailer.dkim,
  }
  const ofDomain = await explainDomain(question, dns)
  // What the world's name servers say is for the administrator to know, and no fault of this installation.
  if (ofDomain) findings.push(...ofDomain.map(({ what, ok, detail }) => ({ what, ok: true, attention: !ok, detail })))
  else
    findings.push({
      what: 'SPF, DKIM, DMARC',
      ok: true,
      detail: 'cannot be looked up from here: no name server answers',
    })
  if (to) {
    const outcome = await mailer.send(
      {
        to,
        subject: `Test of mail from ${config.name}`,
        text: `This is the test that "paperround doctor" was asked for. Links in mail lead to ${baseUrl}.`,
        date: new Date(),
      },
      { urgent: true },
    )
    findings.push({
      what: `Test mail to ${to}`,
      ok: outcome.kind === 'accepted',
      detail: testResult(describeOutcome(outcome), outcome.kind === 'accepted'),
    })
  }
  return findings
}

const testResult = (reply: string, isTaken: boolean) =>
  isTaken
    ? `the server took it (${reply}). Look for it there, in the spam folder too; "show original" tells what SPF, DKIM and DMARC came to`
    : `not taken: ${reply}`

/** Whether what comes back is read: without that, mail goes on to addresses that are gone, and providers notice. */
async function returnsFinding({
  bounceAddress,
  bounceMailbox,
  hookSecret,
  sendgridKey,
  sesTopic,
}: Config): Promise<Finding> {
  const what = 'Returned mail'
  const hasHooks = [hookSecret, sendgridKey, sesTopic].some((setting) => setting !== undefined)
  if (bounceMailbox && !bounceAddress)
    return { what, ok: false, detail: 'PAPERROUND_BOUNCE_MAILBOX is not read without PAPERROUND_BOUNCE_ADDRESS' }
  if (bounceMailbox) {
    const { checkMailbox, describeMailbox } = await import('../lib/mail/mailbox.ts')
    const problem = await checkMailbox(bounceMailbox, MAILBOX_TIMEOUT_MS)
    const detail = `${describeMailbox(bounceMailbox)}${problem ? `: ${problem}` : ' can be read'}`
    return { what, ok: !problem, detail }
  }
  if (hasHooks) return { what, ok: true, detail: 'told by the mail server’s calls to /hooks/mail/…' }
  return {
    what,
    ok: true,
    attention: true,
    detail: 'nobody reads it; set PAPERROUND_BOUNCE_ADDRESS and PAPERROUND_BOUNCE_MAILBOX, or a webhook',
  }
}
