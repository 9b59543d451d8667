import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, test } from 'node:test'
import { sharedFile, withoutShared } from '../../../tests/shared.ts'
import { type ArxivRecord, readArxivRaw } from './arxiv-raw.ts'
import { readApi } from './read-api.ts'
import { readFeed } from './read-feed.ts'
import { readListing } from './read-listing.ts'
import { readOai } from './read-oai.ts'

const folder = 'samples/arxiv'
const sample = (name: string) => readFileSync(sharedFile(`${folder}/${name}`))
const api = (start: string) => {
  const [file] = globSync(sharedFile(`${folder}/atom-api/${start}*.xml`))
  return readApi(readFileSync(file as string))
}
const papers = (records: ArxivRecord[]) => records.flatMap((one) => (one.kind === 'paper' ? [one] : []))

describe('what arXiv answered, read from recordings', { skip: withoutShared(folder) }, () => {
  test('P12: a listing adds up: its day, three sections, ids from the term, addresses in place of "this https URL"', () => {
    const read = readListing(sample('arxiv_listing_new_sample.html'))
    assert.ok(read.ok)
    const { day, entries, totals } = read.list
    assert.deepEqual([day, totals], ['2026-08-12', { new: 2, cross: 2, replace: 2 }])
    assert.deepEqual(
      entries.map(({ kind }) => kind),
      ['new', 'new', 'cross', 'cross', 'replace', 'replace'],
    )
    assert.deepEqual(
      [0, 1, 2, 5].map((index) => entries[index]!.id),
      ['2608.09949', '2608.09967', '2505.11635', '2505.23399'],
    )
    assert.deepEqual(entries[0]!.record.categories, ['cs.AI', 'physics.bio-ph'])
    assert.deepEqual(entries[1]!.record.authors, [{ name: 'Tamar Gozlan' }, { name: 'Claudia V. Goldman' }])
    assert.match(entries[1]!.record.abstract!, /^Deep reinforcement learning .* the action|policy's action/)
    assert.match(
      entries[5]!.record.comment!,
      /^Accepted at NeurIPS 2025\. Code available at https:\/\/github\.com\/jushengzhang/,
    )
  })

  test('P12: one entry less than declared is a problem, and so is a page that breaks off anywhere', () => {
    const html = sample('arxiv_listing_new_sample.html').toString()
    const first = html.indexOf('<dt>')
    const second = html.indexOf('<dt>', first + 1)
    const shorter = readListing(Buffer.from(html.slice(0, first) + html.slice(second)))
    assert.deepEqual(shorter, { ok: false, problem: 'it says "showing 2" (new) and shows 1' })
    for (let length = 0; length < html.length - '</body></html>'.length; length += 97)
      assert.equal(readListing(Buffer.from(html.slice(0, length))).ok, false, `cut after ${length}`)
  })

  test('P29: arXivRaw: versions, dates, licence, submitter, and withdrawn by the letter I alone', () => {
    const answer = readOai(sample('oai-pmh/oai_ListRecords_arXivRaw.rendered.xml'))
    assert.ok(answer.kind === 'list')
    assert.match(answer.token!, /^verb%3DListRecords%26metadataPrefix%3DarXivRaw/)
    const [old, gone] = papers(answer.records.map(readArxivRaw))
    assert.equal(old!.id, 'astro-ph/0601001')
    assert.deepEqual(old!.record.versions, [{ version: 1, submittedAt: '2006-01-02T14:57:58.000Z', withdrawn: false }])
    assert.equal(old!.record.authors[2]!.affiliation, 'CfA')
    assert.equal(old!.record.licence, undefined)
    assert.deepEqual(
      gone!.record.versions.map(({ withdrawn }) => withdrawn),
      [false, false, true],
    )
    assert.equal(gone!.record.submitter, 'A. Submitter')
    assert.equal(gone!.record.title, 'Example withdrawn record: $\\epsilon$-nets by Erd\\H{o}s')
    assert.deepEqual(gone!.record.categories, ['cs.CL', 'cs.IT', 'math.IT'])
    assert.equal(gone!.record.licence, 'http://arxiv.org/licenses/nonexclusive-distrib/1.0/')
  })

  test('OAI errors arrive with status 200; an HTML page is no answer; a last page has an empty token or none', () => {
    const code = (name: string) => {
      const answer = readOai(sample(`oai-pmh/${name}`))
      return answer.kind === 'error' ? answer.code : answer.kind
    }
    assert.equal(code('oai_error_noRecordsMatch.rendered.xml'), 'noRecordsMatch')
    assert.equal(code('oai_error_badResumptionToken.rendered.xml'), 'badResumptionToken')
    assert.equal(code('listrecords---should-list-identifiers-from-arxiv-0.xml'), 'broken')
    const last = readOai(sample('oai-pmh/oai_ListRecords_arXiv_lastpage.rendered.xml'))
    assert.ok(last.kind === 'list' && last.token === undefined)
    const none = readOai(sample('oai-pmh/oai_ListIdentifiers.rendered.xml'))
    assert.ok(none.kind === 'list' && none.token === undefined && none.records.length === 2)
  })

  test('the other recordings of OAI-PMH: deleted headers, tokens with attributes, 86 headers of 2018', () => {
    const of = (name: string) => {
      const answer = readOai(sample(`oai-pmh/${name}`))
      assert.ok(answer.kind === 'list', name)
      return answer
    }
    assert.equal(of('listidentifiers---should-list-identifiers-from-arxiv.xml').records.length, 86)
    const base = 'listidentifiers---should-list-identifiers-with-resumption-token-from-'
    assert.ok(of(`${base}gulbenkian-0.xml`).token)
    assert.equal(of(`${base}gulbenkian-1.xml`).token, undefined)
    assert.ok(of(`${base}gulbenkian-1.xml`).records.some(({ isDeleted }) => isDeleted))
    assert.ok(of(`${base}exlibris-0.xml`).token)
    const [record] = of('getrecord---should-get-a-record.xml').records
    assert.ok(record!.metadata.length > 3)
  })

  test('P34: the API gives the paper whose title is "0"', () => {
    const answer = api('id_2104.12255v1')
    assert.ok(answer.kind === 'entries')
    assert.equal(answer.entries[0]!.record.title, '0')
    assert.deepEqual(answer.entries[0]!.record.authors, [{ name: 'Quan Thoi Minh Nguyen' }])
  })

  test('P20: an unknown id is left out, a malformed one is an error, both are told apart from a fault', () => {
    const missing = api('id_0808.05394_s0')
    assert.deepEqual(missing, { kind: 'entries', total: 0, entries: [], bad: [] })
    const pair = api('id_0808.05394_1707.08567')
    assert.deepEqual(pair.kind === 'entries' && pair.entries.map(({ id }) => id), ['1707.08567'])
    assert.deepEqual(api('id_abc'), { kind: 'error', message: 'incorrect id format for abc' })
  })

  test('P24, P25: old ids, versions as numbers, affiliations, leading blanks', () => {
    const answer = api('id_astro-ph_0601001')
    assert.ok(answer.kind === 'entries')
    const [entry] = answer.entries
    assert.equal(entry!.id, 'astro-ph/0601001')
    assert.equal(typeof entry!.version, 'number')
    assert.ok(entry!.record.authors.every(({ affiliation }) => affiliation))
    assert.doesNotMatch(entry!.record.abstract!, /^\s/)
  })

  test('P37: names that were encoded twice are put right; nothing doubly encoded is left in any recording', () => {
    const names = globSync(sharedFile(`${folder}/atom-api/*.xml`)).flatMap((file) => {
      const answer = readApi(readFileSync(file))
      if (answer.kind === 'broken') assert.fail(`${basename(file)}: ${answer.problem}`)
      return answer.kind === 'entries' ? answer.entries.flatMap(({ record }) => record.authors) : []
    })
    assert.ok(names.some(({ name }) => name === 'Dirk Wübben'))
    assert.deepEqual(
      names.filter(({ name }) => /[ÃÂÄÅ][\u0080-\u00bf]/.test(name)),
      [],
    )
  })

  test('P35: the feed gives ids and kinds, never authors; a feed that breaks off is a problem', () => {
    const read = readFeed(sample('arxiv_rss_example.xml'))
    assert.ok(read.ok)
    assert.deepEqual(
      Object.entries(Object.groupBy(read.items, ({ kind }) => kind)).map(([kind, items]) => [kind, items!.length]),
      [
        ['cross', 5],
        ['new', 2],
      ],
    )
    assert.equal(readFeed(sample('cs.AI-2025-09-18-head-truncated.xml')).ok, false)
  })
})

const xml = (body: string, encoding = 'UTF-8') => `<?xml version="1.0" encoding="${encoding}"?>${body}`
const oaiOf = (metadata: string) =>
  xml(
    `<OAI-PMH><responseDate>2026-09-08T04:00:00Z</responseDate><ListRecords><record><header><identifier>oai:arXiv.org:2601.00001` +
      `</identifier><datestamp>2026-09-08</datestamp></header><metadata><arXivRaw>${metadata}</arXivRaw></metadata></record></ListRecords></OAI-PMH>`,
  )

test('P37: bytes are read in the encoding that they declare, and refused when they are not of it', () => {
  const feed = (encoding: string) =>
    xml(
      `<rss><channel><title>é</title><item><guid>oai:arXiv.org:2601.00001v2</guid><announce_type>new</announce_type></item></channel></rss>`,
      encoding,
    )
  assert.equal(readFeed(Buffer.from(feed('UTF-8'))).ok, true)
  assert.equal(readFeed(Buffer.from(feed('ISO-8859-1'), 'latin1')).ok, true)
  assert.equal(readFeed(Buffer.from(`\ufeff${feed('UTF-16')}`, 'utf16le')).ok, true)
  assert.deepEqual(readFeed(Buffer.from(feed('UTF-8'), 'latin1')), {
    ok: false,
    problem: 'it is not in the encoding that it declares',
  })
})

test('P38, P36: markup in texts, a thousand authors and v10 after v9 come through', () => {
  const authors = Array.from({ length: 1_000 }, (_, index) => `A. Author${index}`).join(', ')
  const versions = Array.from(
    { length: 11 },
    (_, index) => `<version version="v${index + 1}"><date>Thu, ${10 + index} Aug 2026 12:00:01 GMT</date></version>`,
  ).join('')
  const answer = readOai(
    Buffer.from(
      oaiOf(
        `${versions}<title>If $x &lt; y$ &amp; &lt;script&gt;</title><authors>${authors}</authors><categories>cs.LG</categories>`,
      ),
    ),
  )
  assert.ok(answer.kind === 'list')
  const [paper] = papers(answer.records.map(readArxivRaw))
  assert.equal(paper!.record.title, 'If $x < y$ & <script>')
  assert.equal(paper!.record.authors.length, 1_000)
  assert.equal(paper!.record.versions.at(-1)!.version, 11)
})

test('a bad record is named and the others are kept: no title, no version, a date that is none', () => {
  const kinds = ['<title>T</title>', '<version><date>soon</date></version><title>T</title>'].map((metadata) => {
    const answer = readOai(Buffer.from(oaiOf(metadata)))
    return answer.kind === 'list' && readArxivRaw(answer.records[0]!)
  })
  assert.deepEqual(kinds, [
    { kind: 'bad', id: '2601.00001', problem: 'it has no version' },
    { kind: 'bad', id: '2601.00001', problem: 'the date of version 1 is "soon"' },
  ])
})

test('a listing without updates is empty, an HTML error page is no listing', () => {
  const page = (body: string) => readListing(Buffer.from(`<html><body>${body}</body></html>`))
  const nothing = page('<h3>Showing new listings for Thursday, 13 August 2026</h3><p>No updates today.</p>')
  assert.deepEqual(nothing, { ok: true, list: { day: '2026-08-13', entries: [], totals: {} } })
  const error = page('<h1>503 Service Unavailable</h1>')
  assert.ok(!error.ok && /no listing: it begins with "503/.test(error.problem))
  const promised = page('<h3>Showing new listings for Thursday, 13 August 2026</h3>')
  assert.ok(!promised.ok && /does not say that there is nothing/.test(promised.problem))
})
