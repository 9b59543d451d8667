import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import { type OpenDatabase, onEveryDatabase } from '../../../tests/databases.ts'
import { arxiv, record } from '../../../tests/papers.ts'
import { fc } from '../../../tests/property.ts'
import { createTestClock, startServer } from '../../../tests/wire.ts'
import { listPapers } from '../../feed/index.ts'
import { createPoliteClient } from '../../lib/polite-http/index.ts'
import { cardsOf, type PaperRecord, upsertPapers } from '../../papers/index.ts'
import { SourceTrouble } from '../source.ts'
import { artifactsIn, findArtifacts } from './find-artifacts.ts'
import { findCodeLinks } from './find-code-links.ts'
import { linksInText } from './links-in-text.ts'
import { artifactsOf, starHistory } from './queries.ts'
import { refreshStars } from './refresh-stars.ts'

const today = '2026-03-02'

test('repositories and project pages are found as authors write them, and nothing else is', () => {
  const urls = (text: string) => linksInText(text).map(({ kind, url }) => `${kind} ${url}`)
  assert.deepEqual(urls('Code: https://github.com/example/rooms.'), ['code https://github.com/example/rooms'])
  assert.deepEqual(urls('(github.com/Example/rooms.git) and \\url{https://www.github.com/example/Rooms/tree/main#x}'), [
    'code https://github.com/Example/rooms',
  ])
  assert.deepEqual(
    urls('Code at https://gitlab.com/a/b, data at https://codeberg.org/c/d; demo: https://rooms.github.io/walls/!'),
    ['code https://gitlab.com/a/b', 'code https://codeberg.org/c/d', 'project https://rooms.github.io/walls'],
  )
  for (const text of [
    'https://github.com/example',
    'https://github.com/topics/rooms',
    'me@github.com/x/y',
    'notgithub.com/a/b',
    'github.com/../..',
    'no address',
  ])
    assert.deepEqual(urls(text), [], text)
  const survey = Array.from({ length: 6 }, (_, i) => `https://github.com/a/r${i}`).join(' ')
  assert.deepEqual(urls(survey), [], 'a list of others’ repositories')
})

test('whatever a text holds, what is found are addresses', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('github.com/', 'https://x.github.io', 'gitlab.com/a/'),
      (noise, start) => {
        for (const { url } of linksInText(`${noise}${start}${noise} ${start}${noise}`))
          assert.ok(URL.canParse(url) && url.startsWith('https://'))
      },
    ),
    { numRuns: 500 },
  )
})

test('an answer of the Hub is read with care: no list is a failure, what is no name is left out', () => {
  const read = (json: unknown) => artifactsIn(Buffer.from(JSON.stringify(json)), 'model')
  assert.throws(() => read({ error: 'no' }), SourceTrouble)
  assert.throws(() => artifactsIn(Buffer.from('<html>'), 'model'), SourceTrouble)
  assert.deepEqual(
    read([{ id: 'a/b', likes: 3 }, { id: 'javascript:x' }, 7, { id: 'c/d', likes: -1, downloads: 'many' }]),
    [
      { kind: 'model', name: 'a/b', likes: 3, downloads: 0 },
      { kind: 'model', name: 'c/d', likes: 0, downloads: 0 },
    ],
  )
})

const rooms = record({
  identifiers: [arxiv('2603.00001')],
  title: 'Rooms that listen',
  abstract: 'Our code is at https://github.com/example/rooms.',
  authors: [{ name: 'Ada Byron' }],
})

async function world(
  t: TestContext,
  open: OpenDatabase,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
) {
  const db = await open(t)
  if (!db) return undefined
  const time = createTestClock('2026-03-02T17:00:00.000Z')
  const server = await startServer(t, time.clock, handle)
  const http = createPoliteClient({ db, userAgent: 'Paperround/test', ...time, random: () => 0 })
  t.after(() => http[Symbol.asyncDispose]())
  const store = async (one: PaperRecord) => {
    const [outcome] = await upsertPapers(db, [one], time.clock())
    await listPapers(db, [{ paperId: outcome!.paperId, day: today }], 'gathered', time.clock())
    return outcome!.paperId
  }
  return { db, time, server, store, gate: { db, http, clock: time.clock } }
}

onEveryDatabase('what is added to papers later', (open) => {
  test('links found in texts appear on the card; it resumes where it was and does nothing twice', async (t) => {
    const given = await world(t, open, (_, response) => void response.end())
    if (!given) return
    const { db, store } = given
    const id = await store(rooms)
    assert.deepEqual(await findCodeLinks(db), { added: 1, hasMore: false })
    // Its own change is looked at once more, and then there is nothing left.
    await findCodeLinks(db)
    assert.deepEqual(await findCodeLinks(db), { added: 0, hasMore: false })
    const [card] = await cardsOf(db, [id], today)
    assert.deepEqual(
      card?.links.map(({ kind, url }) => [kind, url]),
      [['code', 'https://github.com/example/rooms']],
    )
  })

  test('stars with their history: asked once a day, conditionally; a repository that is gone harms no other', async (t) => {
    let stars = 12
    const given = await world(t, open, (request, response) => {
      if (request.url?.endsWith('/gone')) return void response.writeHead(404).end('{}')
      const etag = `"${stars}"`
      if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end()
      response.setHeader('etag', etag).end(JSON.stringify({ stargazers_count: stars }))
    })
    if (!given) return
    const { db, time, server, store, gate } = given
    const id = await store(
      record({
        ...rooms,
        links: [
          { kind: 'code', url: 'https://github.com/example/rooms' },
          { kind: 'code', url: 'https://github.com/example/gone' },
        ],
      }),
    )
    const starsOf = async () =>
      (await cardsOf(db, [id], today))[0]?.links.find(({ url }) => url.endsWith('/rooms'))?.stars
    assert.deepEqual(await refreshStars(gate, { url: server.url }), { asked: 2 })
    assert.equal(await starsOf(), 12)
    assert.deepEqual(await refreshStars(gate, { url: server.url }), { asked: 0 })
    time.set('2026-03-03T18:00:00.000Z')
    assert.deepEqual(
      await refreshStars(gate, { url: server.url }),
      { asked: 1 },
      'the one that is gone rests for a month',
    )
    stars = 15
    time.set('2026-03-04T19:00:00.000Z')
    await refreshStars(gate, { url: server.url })
    assert.equal(await starsOf(), 15)
    assert.deepEqual(
      (await starHistory(db, 'https://github.com/example/rooms')).map((row) => ({ ...row })),
      [
        { day: '2026-03-02', stars: 12 },
        { day: '2026-03-04', stars: 15 },
      ],
    )
  })

  test('P13, P22 a service that has died stops its own enrichment only, is left alone, and removes nothing', async (t) => {
    const given = await world(t, open, (_, response) => void response.writeHead(403).end('gone for good'))
    if (!given) return
    const { db, server, store, gate } = given
    const id = await store(
      record({ ...rooms, links: [{ kind: 'code', url: 'https://github.com/example/rooms', stars: 7 }] }),
    )
    await assert.rejects(refreshStars(gate, { url: server.url }), { kind: 'blocked' })
    await assert.rejects(refreshStars(gate, { url: server.url }), { kind: 'blocked' })
    await assert.rejects(findArtifacts(gate, { url: server.url }), { kind: 'blocked' })
    assert.equal(server.requests.length, 2, 'each was asked once')
    const [card] = await cardsOf(db, [id], today)
    assert.equal(card?.links[0]?.stars, 7)
  })

  test('models and datasets that name a paper', async (t) => {
    const given = await world(t, open, (request, response) => {
      assert.match(String(request.url), /filter=arxiv%3A2603\.00001/)
      response.end(
        JSON.stringify(
          request.url?.startsWith('/api/models')
            ? [{ id: 'example/rooms-7b', likes: 5, downloads: 100 }]
            : [{ id: 'example/walls' }],
        ),
      )
    })
    if (!given) return
    const { db, server, store, gate } = given
    const id = await store(rooms)
    assert.deepEqual(await findArtifacts(gate, { url: server.url }), { asked: 1 })
    assert.deepEqual(
      (await artifactsOf(db, id)).map(({ kind, name }) => [kind, name]),
      [
        ['model', 'example/rooms-7b'],
        ['dataset', 'example/walls'],
      ],
    )
    assert.deepEqual(await findArtifacts(gate, { url: server.url }), { asked: 0 })
  })
})
