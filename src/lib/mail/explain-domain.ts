import { type DkimKey, dkimName, dkimRecord } from './dkim.ts'
import { isThisMachine } from './smtp-settings.ts'

/** What the domain name system is asked; tests give their own. Each rejects as `node:dns/promises` does. */
export type Resolver = {
  resolveTxt(name: string): Promise<string[][]>
  resolve4(name: string): Promise<string[]>
  reverse(address: string): Promise<string[]>
}
export type DomainFinding = { what: 'SPF' | 'DKIM' | 'DMARC' | 'PTR'; ok: boolean; detail: string }

type Question = {
  /** Of the address that readers see. */
  domain: string
  /** Of the address that undeliverable mail goes back to, where it is another: that one is asked for SPF. */
  returnDomain?: string | undefined
  smtpHost: string
  dkim?: DkimKey | undefined
}

/** Whether mail from a domain will be believed, as far as can be seen from here. Undefined when nothing can be asked. */
export async function explainDomain(
  { domain, returnDomain = domain, smtpHost, dkim }: Question,
  dns: Resolver,
): Promise<DomainFinding[] | undefined> {
  const texts = async (name: string) => (await answer(dns.resolveTxt(name)))?.map((parts) => parts.join(''))
  const [ofSender, dmarc] = [await texts(returnDomain), await texts(`_dmarc.${domain}`)]
  if (ofSender === undefined || dmarc === undefined) return undefined
  return [
    spfFinding(returnDomain, smtpHost, ofSender),
    await dkimFinding(dkim, domain, texts),
    dmarcFinding(domain, dmarc),
    await ptrFinding(smtpHost, dns),
  ]
}

/** SPF names the servers that may send for a domain. */
function spfFinding(domain: string, smtpHost: string, texts: string[]): DomainFinding {
  const what = 'SPF'
  const records = texts.filter((text) => /^v=spf1( |$)/i.test(text))
  if (records.length > 1)
    return { what, ok: false, detail: `${domain} has ${records.length} SPF records; more than one counts as none` }
  const isLocal = isThisMachine(smtpHost)
  const leaving = isLocal ? 'the address that this machine’s mail server sends from' : smtpHost
  const [record] = records
  if (record) return { what, ok: true, detail: `${domain}: ${record} (see to it that it covers ${leaving})` }
  const example = isLocal ? 'v=spf1 ip4:THE.ADDRESS.IT.SENDS.FROM -all' : `v=spf1 a:${smtpHost} -all`
  return {
    what,
    ok: false,
    detail: `nothing says which servers may send for ${domain}; publish a TXT record there that covers ${leaving}, such as "${example}"`,
  }
}

async function dkimFinding(
  dkim: DkimKey | undefined,
  domain: string,
  texts: (name: string) => Promise<string[] | undefined>,
): Promise<DomainFinding> {
  if (!dkim)
    return {
      what: 'DKIM',
      ok: true,
      detail: 'left to the mail server; it must sign List-Unsubscribe and List-Unsubscribe-Post too',
    }
  if (!isAligned(dkim.domain, domain))
    return {
      what: 'DKIM',
      ok: false,
      detail: `signatures are of ${dkim.domain}, and mail is from ${domain}: for DMARC both must be of one organization`,
    }
  const name = dkimName(dkim)
  const wanted = dkimRecord(dkim)
  const keyOf = (text: string) => /p=([A-Za-z0-9+/=]*)/.exec(text.replaceAll(/\s/g, ''))?.[1]
  const found = (await texts(name)) ?? []
  if (found.some((text) => keyOf(text) === keyOf(wanted)))
    return { what: 'DKIM', ok: true, detail: `${name} holds our key` }
  const problem = found.length > 0 ? 'holds another key' : 'is not published'
  return { what: 'DKIM', ok: false, detail: `${name} ${problem}; the TXT record there should be: ${wanted}` }
}

function dmarcFinding(domain: string, texts: string[]): DomainFinding {
  const record = texts.find((text) => /^v=DMARC1/i.test(text))
  if (record) return { what: 'DMARC', ok: true, detail: record }
  return {
    what: 'DMARC',
    ok: false,
    detail: `nothing says what becomes of mail that claims to be from ${domain} and cannot prove it; publish TXT at _dmarc.${domain}, to begin with "v=DMARC1; p=none"`,
  }
}

async function ptrFinding(host: string, dns: Resolver): Promise<DomainFinding> {
  if (isThisMachine(host))
    return {
      what: 'PTR',
      ok: true,
      detail:
        'cannot be seen from here: the address that this machine’s mail server sends from needs a name that points back',
    }
  const addresses = (await answer(dns.resolve4(host))) ?? []
  const [address] = addresses
  if (!address) return { what: 'PTR', ok: true, detail: `${host} has no address to look at from here` }
  const [name] = (await answer(dns.reverse(address))) ?? []
  if (!name)
    return {
      what: 'PTR',
      ok: false,
      detail: `${address} (${host}) has no name that points back; providers refuse such senders`,
    }
  return {
    what: 'PTR',
    ok: true,
    detail: `${address} is ${name}. What counts is the address that mail leaves from: with a relay, the relay's`,
  }
}

/** Roughly what receivers do: the last two labels are the organization. */
function isAligned(one: string, other: string): boolean {
  const organization = (domain: string) => domain.split('.').slice(-2).join('.')
  return organization(one) === organization(other)
}

/** An empty list when the answer is that there is nothing; undefined when nobody answers. */
async function answer<T>(asked: Promise<T[]>): Promise<T[] | undefined> {
  try {
    return await asked
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENODATA' || code === 'ENOTFOUND' || code === 'NXDOMAIN' ? [] : undefined
  }
}
