import { type DkimKey, dkimName, dkimRecord } from './dkim.ts'

/** What the domain name system is asked; tests give their own. Each rejects as `node:dns/promises` does. */
export type Resolver = {
  resolveTxt(name: string): Promise<string[][]>
  resolve4(name: string): Promise<string[]>
  reverse(address: string): Promise<string[]>
}
export type DomainFinding = { what: 'SPF' | 'DKIM' | 'DMARC' | 'PTR'; ok: boolean; detail: string }

type Question = { domain: string; smtpHost: string; dkim?: DkimKey | undefined }

/** Whether mail from a domain will be believed, as far as can be seen from here. Undefined when nothing can be asked. */
export async function explainDomain(
  { domain, smtpHost, dkim }: Question,
  dns: Resolver,
): Promise<DomainFinding[] | undefined> {
  const texts = async (name: string) => (await answer(dns.resolveTxt(name)))?.map((parts) => parts.join(''))
  const [ofDomain, dmarc] = [await texts(domain), await texts(`_dmarc.${domain}`)]
  if (ofDomain === undefined || dmarc === undefined) return undefined
  return [
    spfFinding(domain, smtpHost, ofDomain),
    await dkimFinding(dkim, texts),
    dmarcFinding(domain, dmarc),
    await ptrFinding(smtpHost, dns),
  ]
}

function spfFinding(domain: string, smtpHost: string, texts: string[]): DomainFinding {
  const records = texts.filter((text) => /^v=spf1( |$)/i.test(text))
  if (records.length > 1)
    return {
      what: 'SPF',
      ok: false,
      detail: `${domain} has ${records.length} SPF records; more than one counts as none`,
    }
  const [record] = records
  if (record) return { what: 'SPF', ok: true, detail: `${record} (see to it that it covers ${smtpHost})` }
  return {
    what: 'SPF',
    ok: false,
    detail: `none: publish a TXT record at ${domain} that names ${smtpHost}, such as "v=spf1 a:${smtpHost} -all"`,
  }
}

async function dkimFinding(
  dkim: DkimKey | undefined,
  texts: (name: string) => Promise<string[] | undefined>,
): Promise<DomainFinding> {
  if (!dkim)
    return {
      what: 'DKIM',
      ok: true,
      detail: 'left to the mail server; it must sign List-Unsubscribe and List-Unsubscribe-Post too',
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
  return { what: 'DMARC', ok: false, detail: `none: publish TXT at _dmarc.${domain}, to begin with "v=DMARC1; p=none"` }
}

async function ptrFinding(host: string, dns: Resolver): Promise<DomainFinding> {
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

/** An empty list when the answer is that there is nothing; undefined when nobody answers. */
async function answer<T>(asked: Promise<T[]>): Promise<T[] | undefined> {
  try {
    return await asked
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENODATA' || code === 'ENOTFOUND' || code === 'NXDOMAIN' ? [] : undefined
  }
}
