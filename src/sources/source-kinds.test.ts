import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sharedFile, withoutShared } from '../../tests/shared.ts'
import { packageRoot } from '../lib/assets.ts'
import { askOf, describeSource } from './contract.ts'
import { aclAnthology } from './kinds/acl-anthology.ts'
import { biorxiv } from './kinds/biorxiv.ts'
import { dailyPapers, daysToAsk, readDailyPapers } from './kinds/daily-papers.ts'
import { journalFeed } from './kinds/journal-feed.ts'
import { oaiDublinCore, readListRecords } from './kinds/oai-dublin-core.ts'
import { openreview } from './kinds/openreview.ts'
import { parseAnswerXml } from './parse-answer-xml.ts'
import { type SourcePage, SourceTrouble } from './source.ts'

const fixture = (name: string) => readFileSync(join(packageRoot, 'tests/fixtures/sources', name))
async function all(pages: AsyncGenerator<SourcePage>): Promise<SourcePage[]> {
  const list: SourcePage[] = []
  for await (const page of pages) list.push(page)
  return list
}

const noon = '2026-03-02T17:00:00.000Z' // a Monday, noon in New York

describeSource(dailyPapers, {
  settings: { days: 1 },
  now: noon,
  serve: () => fixture('daily-papers.json'),
  titles: ['Small rooms for large models', '0'],
  bad: 1,
  empty: () => Buffer.from('[]'),
  check: ([rooms]) => {
    assert.deepEqual(rooms?.record.identifiers, [{ source: 'arxiv', id: '2603.00011' }])
    assert.deepEqual(rooms?.listing, { day: '2026-03-02', submittedBy: 'Chen Wei', site: 'huggingface' })
    assert.equal(rooms?.record.elsewhere?.upvotes, 17)
    assert.deepEqual(
      rooms?.record.links.map(({ kind, url, stars }) => [kind, url, stars]),
      [
        ['code', 'https://github.com/example/rooms', 120],
        ['project', 'https://rooms.example.org/', undefined],
      ],
    )
  },
})

describeSource(oaiDublinCore, {
  settings: { url: 'https://repository.example.org/oai', set: 'theses' },
  now: noon,
  serve: (url) => {
    const token = url.searchParams.get('resumptionToken')
    return fixture(token === null ? 'oai-dc-1.xml' : 'oai-dc-2.xml')
  },
  titles: ['Listening to rooms: acoustics & learning, where $x < y$', 'A report that is also a preprint'],
  bad: 1,
  empty: () =>
    Buffer.from(
      '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-03-02T12:00:00Z</responseDate><request/><error code="noRecordsMatch">none</error></OAI-PMH>',
    ),
  check: ([thesis, report]) => {
    assert.deepEqual(thesis?.record.identifiers, [{ source: 'doi', id: '10.5555/rooms.1' }])
    assert.deepEqual(
      thesis?.record.authors.map(({ name }) => name),
      ['Karl Wübben', 'José García'],
    )
    assert.match(String(thesis?.record.abstract), /^A thesis about rooms/)
    assert.equal(thesis?.record.datedOn, '2026-02-27')
    assert.deepEqual(report?.record.identifiers[0], { source: 'arxiv', id: '2603.00044' })
  },
})

describeSource(aclAnthology, {
  settings: { urls: ['https://aclanthology.example.org/2026.rooms.xml'] },
  now: noon,
  serve: () => fixture('acl.xml'),
  titles: ['Bounding $O(n^2)$ rooms with BERT', 'A result that did not hold in any room'],
  bad: 1,
  check: ([first, retracted]) => {
    assert.deepEqual(first?.record.identifiers.map(({ source, id }) => `${source}:${id}`).toSorted(), [
      'acl:2026.rooms-long.1',
      'doi:10.18653/v1/2026.rooms-long.1',
    ])
    assert.deepEqual(first?.record.authors, [
      { name: 'José García', affiliation: 'University of Rooms' },
      { name: 'Aristotle' },
    ])
    assert.equal(first?.record.abstract, 'We bound rooms. Then we bound more rooms, where $x < y$ holds.')
    assert.equal(first?.record.journalRef, 'Proceedings of the Workshop on Rooms (Long Papers), pp. 1–12, 2026')
    assert.equal(retracted?.record.versions[0]?.withdrawn, true)
    assert.match(String(retracted?.record.comment), /numbers of table 2/)
  },
})

describeSource(aclAnthology, {
  settings: { urls: ['https://aclanthology.example.org/volumes/2026.rooms-long.bib'] },
  now: noon,
  serve: () => fixture('acl.bib'),
  titles: ['Bounding rooms with {BERT}', 'A second paper about rooms'],
  bad: 1,
  looksWhole: (cut) => /\n\}\s*$/.test(cut),
})

describeSource(biorxiv, {
  settings: {},
  now: noon,
  serve: (url) => fixture(url.pathname.endsWith('/0/json') ? 'biorxiv-1.json' : 'biorxiv-2.json'),
  titles: ['Rooms in which mice listen', 'The ecology of rooms with p < 0.05'],
  bad: 1,
  empty: () => Buffer.from('{"messages":[{"status":"no posts found"}],"collection":[]}'),
  check: ([mice]) => {
    assert.deepEqual(mice?.record.identifiers, [
      { source: 'doi', id: '10.1101/2026.02.27.123456' },
      { source: 'doi', id: '10.5555/journal.rooms.7' },
    ])
    assert.equal(mice?.record.doi, '10.1101/2026.02.27.123456')
    assert.deepEqual(mice?.subjects, ['neuroscience'])
    assert.deepEqual(mice?.record.versions, [{ version: 2 }])
    assert.deepEqual(
      mice?.record.authors.map(({ name }) => name),
      ['J. García', 'B. van der Berg', 'C. Chen'],
    )
  },
})

describeSource(openreview, {
  settings: { venue: 'ROOMS.cc/2026/Conference' },
  now: noon,
  serve: () => fixture('openreview.json'),
  titles: ['Rooms that review themselves', 'A note of the first version of the API'],
  bad: 1,
  empty: () => Buffer.from('{"notes":[],"count":0}'),
  check: ([first]) => {
    assert.deepEqual(first?.record.identifiers, [{ source: 'openreview', id: 'aBcDeFgH12' }])
    assert.equal(first?.record.journalRef, 'ROOMS 2026 Oral')
    assert.equal(first?.record.summary, 'Rooms review themselves.')
    assert.deepEqual(first?.record.links, [{ kind: 'pdf', url: 'https://openreview.net/pdf/0123456789abcdef.pdf' }])
    assert.equal(first?.record.datedOn, '2026-03-01')
  },
})

describeSource(journalFeed, {
  settings: { url: 'https://journal.example.org/rss.xml' },
  now: noon,
  serve: () => fixture('rss2.xml'),
  titles: ['Rooms & their walls', 'A short note'],
  bad: 1,
  empty: () => Buffer.from('<rss version="2.0"><channel><title>Journal of Rooms</title></channel></rss>'),
  check: ([walls, note]) => {
    assert.deepEqual(walls?.record.identifiers, [{ source: 'doi', id: '10.5555/rooms.12' }])
    assert.match(String(walls?.record.abstract), /^Walls make rooms/)
    assert.doesNotMatch(String(walls?.record.abstract), /alert|<p>/)
    assert.deepEqual(
      walls?.record.authors.map(({ name }) => name),
      ['Ada Byron', 'Ben Okri'],
    )
    // P35: the address of the desk is nobody's name.
    assert.deepEqual(note?.record.authors, [{ name: 'Chen Wei' }])
    assert.equal(note?.record.datedOn, '2026-03-02')
  },
})

test('OAI-PMH: the token goes back exactly as it came, alone; the next list begins two days before this one', async () => {
  const asked: string[] = []
  const settings = { url: 'https://repository.example.org/oai', since: '2026-01-01' }
  const ask = askOf((url) => fixture(url.searchParams.has('resumptionToken') ? 'oai-dc-2.xml' : 'oai-dc-1.xml'), asked)
  const pages = await all(oaiDublinCore.poll({ settings, ask, cursor: undefined, now: new Date(noon) }))
  const [first, second] = asked.map((url) => Object.fromEntries(new URL(url).searchParams))
  assert.deepEqual(first, { verb: 'ListRecords', metadataPrefix: 'oai_dc', from: '2026-01-01' })
  assert.deepEqual(second, { verb: 'ListRecords', resumptionToken: 'page=2&state=a%2Fb' })
  assert.deepEqual(pages.at(-1)?.cursor, { from: '2026-02-28' })
})

test('P21 OAI-PMH: a list whose token leads to itself is given up after its second page', async () => {
  const settings = { url: 'https://repository.example.org/oai' }
  const asked: string[] = []
  const ask = askOf(() => fixture('oai-dc-1.xml'), asked)
  const pages = oaiDublinCore.poll({ settings, ask, cursor: undefined, now: new Date(noon) })
  await assert.rejects(all(pages), /the same page again and again/)
  assert.equal(asked.length, 2)
})

test('P37 a feed is read by the encoding it declares', async () => {
  const [page] = await all(
    journalFeed.poll({
      settings: { url: 'https://group.example.org/' },
      ask: async (url) => ({ kind: 'ok', body: fixture('atom.xml'), contentType: '', url }),
      cursor: undefined,
      now: new Date(noon),
    }),
  )
  const [item] = page?.items ?? []
  assert.equal(item?.record.title, 'Naïve rooms')
  assert.deepEqual(item?.record.authors, [{ name: 'José García' }])
  assert.deepEqual(item?.record.identifiers, [{ source: 'arxiv', id: '2603.00055' }])
})

test('RSS 1.0, where items stand beside the channel', async () => {
  const [page] = await all(
    journalFeed.poll({
      settings: { url: 'https://old.example.org/' },
      ask: async (url) => ({ kind: 'ok', body: fixture('rdf.xml'), contentType: '', url }),
      cursor: undefined,
      now: new Date(noon),
    }),
  )
  assert.deepEqual(page?.items[0]?.record.identifiers, [{ source: 'doi', id: '10.5555/old.3' }])
  assert.deepEqual(
    page?.items[0]?.record.authors.map(({ name }) => name),
    ['Old Author', 'Second Author'],
  )
})

test('Daily Papers: days missed while nobody asked are asked for, weekends are not', () => {
  const now = new Date(noon)
  assert.deepEqual(daysToAsk(3, undefined, now), ['2026-03-02'])
  assert.deepEqual(daysToAsk(4, undefined, now), ['2026-02-27', '2026-03-02'])
  assert.deepEqual(daysToAsk(1, { day: '2026-02-25' }, now), ['2026-02-25', '2026-02-26', '2026-02-27', '2026-03-02'])
})

const daily = 'samples/hf/REAL_api_daily_papers_2026-05-08_3items.json'
test('the recorded Daily Papers of 8 May 2026', { skip: withoutShared(daily) }, () => {
  const { items, bad } = readDailyPapers(readFileSync(sharedFile(daily)), '2026-05-08')
  assert.equal(items.length, 3)
  assert.deepEqual(bad, [])
  assert.equal(items[0]?.record.identifiers[0]?.id, '2605.05242')
  assert.equal(items[0]?.record.elsewhere?.upvotes, 86)
  assert.ok(items.every(({ listing }) => listing?.day === '2026-05-08'))
})

const oai = 'samples/arxiv/oai-pmh'
test('recorded answers of OAI servers are told apart: errors, other verbs, HTML', { skip: withoutShared(oai) }, () => {
  const read = (name: string) =>
    readListRecords(parseAnswerXml(readFileSync(sharedFile(`${oai}/${name}`)), 'the server'))
  assert.equal(read('oai_error_noRecordsMatch.rendered.xml').error, 'noRecordsMatch')
  assert.equal(read('oai_error_badResumptionToken.rendered.xml').error, 'badResumptionToken')
  assert.throws(() => read('oai_Identify.rendered.xml'), SourceTrouble)
  assert.throws(() => read('listrecords---should-list-identifiers-from-arxiv-0.xml'), SourceTrouble)
})
