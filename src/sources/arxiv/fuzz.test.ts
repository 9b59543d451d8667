import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { test } from 'node:test'
import { firstDays } from '../../../tests/fake-arxiv/fortnight.ts'
import { mutate } from '../../../tests/fake-arxiv/mutate.ts'
import { apiAnswer, oaiAnswer } from '../../../tests/fake-arxiv/oai.ts'
import { catchupPage, feedPage, listingPage } from '../../../tests/fake-arxiv/pages.ts'
import { createRandom } from '../../../tests/fake-arxiv/plan.ts'
import { fc } from '../../../tests/property.ts'
import { sharedFile } from '../../../tests/shared.ts'
import { isDay, parseArxivId } from '../../papers/index.ts'
import { readArxivRaw } from './arxiv-raw.ts'
import { readApi } from './read-api.ts'
import { readFeed } from './read-feed.ts'
import { readListing } from './read-listing.ts'
import { readOai } from './read-oai.ts'

// 100,000 inputs take minutes: PAPERROUND_TEST_FUZZ=100000 npm test -- src/sources/arxiv/fuzz.test.ts
const INPUTS = Number(process.env.PAPERROUND_TEST_FUZZ ?? 600)
const MAX_SAMPLE_BYTES = 40_000
/** Nothing of a sample's size takes a hundredth of this; a busy machine may. */
const HANG_MS = 5_000

const { plan } = firstDays
const [, day] = plan.labels.map((label) => label.day) as [string, string]
const now = new Date('2026-11-17T12:00:00.000Z')
const records = new URLSearchParams({ verb: 'ListRecords', metadataPrefix: 'arXivRaw' })
const ours = {
  listing: listingPage(plan, 'cs.AI', day, 0, 2_000),
  catchup: catchupPage(plan, 'cs.LG', day, 1, day),
  oai: oaiAnswer(plan, records, day, now, 5),
  api: apiAnswer(
    plan,
    new URLSearchParams({
      id_list: plan.papers
        .slice(0, 4)
        .map(({ id }) => id)
        .join(','),
    }),
    day,
    now,
  ).body,
  feed: feedPage(plan, 'cs.CV', day, now),
}
const recorded = existsSync(sharedFile('samples/arxiv'))
  ? globSync(sharedFile('samples/arxiv/**/*.{xml,html}')).filter((file) => statSync(file).size < MAX_SAMPLE_BYTES)
  : []
const samples = [...Object.values(ours).map((text) => Buffer.from(text)), ...recorded.map((file) => readFileSync(file))]

/** Reads bytes as everything we read; throws where an answer is no answer, or claims what cannot be. */
function readAll(bytes: Buffer): void {
  const startedAt = performance.now()
  const listing = readListing(bytes)
  if (listing.ok) {
    const { entries, totals, day: stated } = listing.list
    const total = Object.values(totals).reduce((sum, one) => sum + one, 0)
    assert.ok(stated === undefined || isDay(stated))
    assert.ok(entries.length <= total && (entries.length > 0 || total === 0))
    assert.equal(new Set(entries.map(({ id, kind }) => id + kind)).size, entries.length)
    for (const { id, record } of entries) assert.ok(parseArxivId(id)?.id === id && record.title !== '')
  } else assert.ok(listing.problem.length > 0)
  const oai = readOai(bytes)
  if (oai.kind === 'list') {
    assert.ok(oai.records.length > 0 && oai.token !== '')
    for (const one of oai.records.map(readArxivRaw)) {
      if (one.kind !== 'paper') continue
      assert.ok(one.record.title !== '' && one.record.versions.length > 0)
      assert.deepEqual(
        one.record.versions.map(({ version }) => version),
        one.record.versions.map((_, index) => index + 1),
      )
    }
  }
  const api = readApi(bytes)
  if (api.kind === 'entries') for (const { id, version } of api.entries) assert.ok(parseArxivId(id) && version >= 1)
  const feed = readFeed(bytes)
  if (feed.ok) for (const { id, version } of feed.items) assert.ok(parseArxivId(id) && version >= 1)
  assert.ok(performance.now() - startedAt < HANG_MS, 'it hangs')
}

test(`${INPUTS} damaged answers: never a crash, never a hang, never a success that does not add up`, (t) => {
  // The light run of the suite takes the same inputs every time; long runs look for new ones.
  const seed = Number(
    process.env.PAPERROUND_TEST_SEED ?? (process.env.PAPERROUND_TEST_FUZZ ? Date.now() % 1_000_000 : 451_865),
  )
  t.diagnostic(`seed ${seed}: PAPERROUND_TEST_SEED repeats it`)
  const random = createRandom(seed)
  for (let count = 0; count < INPUTS; count++) {
    const sample = samples[Math.floor(random() * samples.length)] as Buffer
    const input = mutate(sample, samples, random)
    try {
      readAll(input)
    } catch (error) {
      throw new Error(`input ${count} of seed ${seed}: ${JSON.stringify(input.toString('latin1').slice(0, 500))}`, {
        cause: error,
      })
    }
  }
})

test('a body that was cut off is never read as a whole one', () => {
  for (const [kind, text] of Object.entries(ours)) {
    const bytes = Buffer.from(text)
    const end = bytes.length - '</div></body></html>'.length
    for (let length = 0; length < end; length += 211) {
      const cut = bytes.subarray(0, length)
      const isRead =
        kind === 'oai'
          ? readOai(cut).kind !== 'broken'
          : kind === 'api'
            ? readApi(cut).kind !== 'broken'
            : kind === 'feed'
              ? readFeed(cut).ok
              : readListing(cut).ok
      assert.equal(isRead, false, `${kind} cut after ${length}`)
    }
  }
})

test('a listing that lost an entry, or got one twice, is never read', () => {
  const parts = ours.listing.split(/(?=<dt>)/)
  for (let index = 1; index < parts.length - 1; index++) {
    const lost = parts.toSpliced(index, 1).join('')
    const twice = parts.toSpliced(index, 0, parts[index] as string).join('')
    assert.equal(readListing(Buffer.from(lost)).ok, false)
    assert.equal(readListing(Buffer.from(twice)).ok, false)
  }
})

test('sections of one kind that contradict each other are never read', () => {
  const grown = ours.listing.replace(/Cross submissions \(showing/, 'New submissions (showing')
  assert.notEqual(grown, ours.listing)
  assert.equal(readListing(Buffer.from(grown)).ok, false)
})

test('anything at all is read without a crash', () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc
      .array(
        fc.constantFrom(
          '<dt>',
          '<dd>',
          '</dd>',
          '<h3>',
          'arXiv:2401.00001',
          '<p class="mathjax">',
          '<a href="x">',
          '</a>',
          '<div class="list-title">',
          ' ',
        ),
        { maxLength: 40 },
      )
      .map((parts) => Buffer.from(parts.join(''))),
    fc
      .array(
        fc.constantFrom(
          '<OAI-PMH>',
          '</OAI-PMH>',
          '<record>',
          '</record>',
          '<header>',
          '</header>',
          '<responseDate>2026-01-01',
          '</responseDate>',
          '<feed>',
          '<entry>',
          '<id>',
          '&lt;',
          '\u0001',
        ),
        { maxLength: 30 },
      )
      .map((parts) => Buffer.from(parts.join(''))),
  )
  fc.assert(fc.property(anything, readAll), { numRuns: 300 })
})
