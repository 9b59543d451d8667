// arXiv's OAI-PMH server and its API, as far as anybody asks them here.
import type { Day } from '../../src/papers/index.ts'
import { escapeXml } from './pages.ts'
import { type Plan, recordOn } from './plan.ts'

type Changed = NonNullable<ReturnType<typeof recordOn>>

const envelope = (responseDate: Date, request: string, body: string) => `<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
    <responseDate>${responseDate.toISOString().replace(/\.\d+Z/, 'Z')}</responseDate>
        <request${request}>https://oaipmh.arxiv.org/oai</request>
${body}
</OAI-PMH>`
export const oaiError = (now: Date, code: string, message: string) =>
  envelope(now, '', `    <error code='${code}'>${message}</error>`)

/** `newest`: the last label whose records are visible. `pageSize` records to a page, whatever is asked. */
export function oaiAnswer(plan: Plan, query: URLSearchParams, newest: Day, now: Date, pageSize: number): string {
  if (query.get('verb') === 'GetRecord') return getRecord(plan, query, newest, now)
  let asked = query
  const token = query.get('resumptionToken')
  if (token !== null) {
    if ([...query.keys()].some((key) => key !== 'verb' && key !== 'resumptionToken'))
      return oaiError(now, 'badArgument', 'resumptionToken is exclusive')
    asked = new URLSearchParams(decodeURIComponent(token))
    if (!asked.get('verb')) return oaiError(now, 'badResumptionToken', 'Token decoding failed or format is invalid.')
  }
  const verb = asked.get('verb')
  if (verb !== 'ListRecords' && verb !== 'ListIdentifiers') return oaiError(now, 'badVerb', 'Bad verb')
  if (asked.get('metadataPrefix') !== 'arXivRaw') return oaiError(now, 'cannotDisseminateFormat', 'No such format')
  const from = asked.get('from') ?? '2005-09-16'
  const until = asked.get('until') ?? '9999-12-31'
  if (!/^\d{4}-\d\d-\d\d$/.test(from) || !/^\d{4}-\d\d-\d\d$/.test(until))
    return oaiError(now, 'badArgument', 'Granularity is YYYY-MM-DD')
  const skip = Number(asked.get('skip') ?? 0)
  const set = asked.get('set')
  const records = plan.papers
    .flatMap((paper) => recordOn(paper, newest) ?? [])
    .filter(({ changedOn }) => changedOn >= from && changedOn <= until)
    .filter(({ paper }) => verb === 'ListIdentifiers' || !paper.isLeftOut)
    .filter(({ categories }) => set === null || categories.some((one) => setSpec(one).startsWith(set)))
    .sort((a, b) => (a.changedOn < b.changedOn ? -1 : a.changedOn > b.changedOn ? 1 : a.paper.id < b.paper.id ? -1 : 1))
  const page = records.slice(skip, skip + pageSize)
  if (page.length === 0)
    return oaiError(now, 'noRecordsMatch', 'The combination of the arguments results in an empty list.')
  const last = page.at(-1)!.changedOn
  const rest = records.length > skip + pageSize
  // As arXiv does: the start moves to the last day of the page, and what was sent of that day is skipped.
  const sent = records.slice(0, skip + pageSize).filter(({ changedOn }) => changedOn === last).length
  const window = `${asked.get('until') ? `&until=${until}` : ''}${set === null ? '' : `&set=${set}`}`
  const next = `verb=${verb}&metadataPrefix=arXivRaw&from=${last}${window}&skip=${sent}`
  const end = rest
    ? `<resumptionToken expirationDate='${now.toISOString()}'>${escapeXml(encodeURIComponent(next))}</resumptionToken>`
    : token !== null
      ? '<resumptionToken/>'
      : ''
  return envelope(
    now,
    ` verb="${verb}" metadataPrefix="arXivRaw"`,
    `<${verb}>${page.map(verb === 'ListRecords' ? recordXml : headerXml).join('')}${end}</${verb}>`,
  )
}

function getRecord(plan: Plan, query: URLSearchParams, newest: Day, now: Date): string {
  const id = query.get('identifier')?.replace('oai:arXiv.org:', '')
  const paper = plan.papers.find((one) => one.id === id)
  const record = paper && recordOn(paper, newest)
  if (!record) return oaiError(now, 'idDoesNotExist', 'The value of the identifier argument is unknown.')
  return envelope(now, ' verb="GetRecord"', `<GetRecord>${recordXml(record)}</GetRecord>`)
}

const setSpec = (category: string) => {
  const [archive, subject] = category.split('.')
  return `${archive}:${archive}:${subject}`
}

function headerXml({ paper, categories, changedOn, isDeleted }: Changed): string {
  return `
    <header${isDeleted ? ' status="deleted"' : ''}>
        <identifier>oai:arXiv.org:${paper.id}</identifier>
        <datestamp>${changedOn}</datestamp>
${categories.map((one) => `            <setSpec>${setSpec(one)}</setSpec>`).join('\n')}
    </header>`
}

function recordXml(changed: Changed): string {
  const { paper, versions, categories } = changed
  if (changed.isDeleted) return `<record>${headerXml(changed)}</record>`

  const last = versions.at(-1)!
  const versionXml = versions
    .map(
      ({ submittedAt, withdrawn }, index) => `
            <version version="v${index + 1}">
                <date>${submittedAt.toUTCString()}</date>
                <size>${withdrawn ? 1 : 900}kb</size>
                    <source_type>${withdrawn ? 'I' : 'D'}</source_type>
            </version>`,
    )
    .join('')
  return `
        <record>${headerXml(changed)}
            <metadata>
    <arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
        <id>${paper.id}</id>
        <submitter>${escapeXml(paper.submitter)}</submitter>${versionXml}
        <title>${escapeXml(last.title)}</title>
        <authors>${escapeXml(paper.authors)}</authors>
        <categories>${categories.join(' ')}</categories>
            ${last.comment ? `<comments>${escapeXml(last.comment)}</comments>` : ''}
            <acm-class>None</acm-class>
            <license>http://creativecommons.org/licenses/by/4.0/</license>
            <abstract>${escapeXml(paper.abstract)}
</abstract>
    </arXivRaw>
            </metadata>
        </record>`
}

/** `/api/query` by id or by a phrase of the title. */
export function apiAnswer(
  plan: Plan,
  query: URLSearchParams,
  newest: Day,
  now: Date,
): { status: number; body: string } {
  const ids = query.get('id_list')?.split(',') ?? []
  const malformed = ids.find((id) => !/^(?:\d{4}\.\d{4,5}|[a-z-]+\/\d{7})(?:v\d+)?$/.test(id))
  if (malformed !== undefined) {
    const address = `https://arxiv.org/api/errors#incorrect_id_format_for_${malformed}`
    return {
      status: 400,
      body: atom(
        now,
        1,
        `<entry><id>${address}</id><title>Error</title><summary>incorrect id format for ${malformed}</summary></entry>`,
      ),
    }
  }
  const phrase = /^ti:"(.+)"$/.exec(query.get('search_query') ?? '')?.[1]
  const fold = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim()
  const found = plan.papers.flatMap((paper) => {
    const record = recordOn(paper, newest)
    if (!record) return []
    const isMeant = phrase ? fold(record.versions.at(-1)!.title).includes(phrase) : ids.includes(paper.id)
    return isMeant ? [record] : []
  })
  const entries = found.map(({ paper, versions, categories }) => {
    const { title, comment } = versions.at(-1)!
    return `<entry><id>http://arxiv.org/abs/${paper.id}v${versions.length}</id><title>${escapeXml(title)}</title>
<updated>${versions.at(-1)!.submittedAt.toISOString()}</updated><summary>${escapeXml(paper.abstract)}</summary>
${categories.map((one) => `<category term="${one}" scheme="http://arxiv.org/schemas/atom"/>`).join('')}
<published>${versions[0]!.submittedAt.toISOString()}</published>${comment ? `<arxiv:comment>${escapeXml(comment)}</arxiv:comment>` : ''}
<arxiv:primary_category term="${categories[0]}"/><author><name>${escapeXml(paper.submitter)}</name></author></entry>`
  })
  return {
    status: 200,
    body: atom(now, found.length, entries.slice(0, Number(query.get('max_results') ?? 10)).join('')),
  }
}

const atom = (now: Date, total: number, body: string) => `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
<id>https://arxiv.org/api/x</id><updated>${now.toISOString()}</updated><opensearch:totalResults>${total}</opensearch:totalResults>${body}</feed>`
