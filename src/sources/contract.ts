// What every kind of source must do, whatever its format: the suite that each one passes (see source-kinds.test.ts).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { preparePaper } from '../papers/index.ts'
import { type Answer, type Ask, type SourceItem, type SourceKind, type SourcePage, SourceTrouble } from './source.ts'

/** Damaged answers for each example; 100,000 in all take minutes: PAPERROUND_TEST_FUZZ=15000. */
const DAMAGED = Number(process.env.PAPERROUND_TEST_FUZZ ?? 300)

/** A server in a few lines: from the address that is asked to the body that comes back; undefined is "unchanged". */
export type Served = (url: URL) => Buffer | undefined

export type SourceExample<Settings> = {
  /** As in the file of sources, without the common part. */
  settings: Record<string, unknown>
  now: string
  /** Several pages where the kind has pages, and at least one record in it that cannot be read. */
  serve: Served
  /** Titles that come out of it, in order. */
  titles: string[]
  /** How many records cannot be read. */
  bad: number
  /** The answer of a server that has nothing new. */
  empty?: Served
  /** Whether a body cut here looks whole, in a format that does not say where it ends: only the transport can tell. */
  looksWhole?: (cut: string) => boolean
  check?: (items: SourceItem[], settings: Settings) => void
}

const now = (example: SourceExample<never>) => new Date(example.now)

export function askOf(serve: Served, asked: string[] = []): Ask {
  return async (url): Promise<Answer | undefined> => {
    asked.push(url)
    assert.ok(asked.length < 200, 'asked 200 times without an end')
    const body = serve(new URL(url))
    return body && { kind: 'ok', body, contentType: 'application/octet-stream', url }
  }
}

export function describeSource<Settings>(kind: SourceKind<Settings>, example: SourceExample<Settings>): void {
  const settings = kind.settings.parse(example.settings)
  const poll = (serve: Served, cursor?: unknown, asked?: string[]) =>
    kind.poll({ settings, ask: askOf(serve, asked), cursor, now: now(example as never) })
  const collect = async (pages: AsyncGenerator<SourcePage>) => {
    const all: SourcePage[] = []
    for await (const page of pages) all.push(page)
    return all
  }
  const titlesOf = (pages: SourcePage[]) => pages.flatMap(({ items }) => items.map(({ record }) => record.title))

  test(`${kind.kind}: its example of settings is allowed, and an unknown setting is not`, () => {
    assert.ok(kind.settings.safeParse(kind.example).success)
    assert.equal(kind.settings.safeParse({ ...kind.example, nonsense: 1 }).success, false)
  })

  test(`${kind.kind}: yields its papers as records that can be stored, and counts and names what cannot be read`, async () => {
    const pages = await collect(poll(example.serve))
    assert.deepEqual(titlesOf(pages), example.titles)
    const bad = pages.flatMap((page) => page.bad)
    assert.equal(bad.length, example.bad)
    for (const { record, reason } of bad) assert.ok(record !== '' && reason !== '')
    for (const { record } of pages.flatMap(({ items }) => items)) {
      const { row } = preparePaper(record, now(example as never))
      assert.ok(row.base_id !== '' && row.title !== '')
    }
    example.check?.(
      pages.flatMap(({ items }) => items),
      settings,
    )
  })

  test(`${kind.kind}: cut off after any page, it goes on from there and loses nothing`, async () => {
    const whole = await collect(poll(example.serve))
    for (let cut = 0; cut < whole.length - 1; cut++) {
      const head = whole.slice(0, cut + 1)
      const cursor = JSON.parse(JSON.stringify(head.at(-1)?.cursor))
      const rest = await collect(poll(example.serve, cursor))
      const titles = new Set([...titlesOf(head), ...titlesOf(rest)])
      for (const title of example.titles) assert.ok(titles.has(title), `${title} after a cut at page ${cut + 1}`)
    }
  })

  test(`${kind.kind}: asked again from its last cursor it ends, and answers that did not change give nothing`, async () => {
    const pages = await collect(poll(example.serve))
    const cursor = JSON.parse(JSON.stringify(pages.at(-1)?.cursor))
    await collect(poll(example.serve, cursor))
    assert.deepEqual(titlesOf(await collect(poll(() => undefined, cursor))), [])
  })

  if (example.empty) {
    const { empty } = example
    test(`${kind.kind}: nothing new is a success with nothing in it`, async () => {
      assert.deepEqual(titlesOf(await collect(poll(empty))), [])
    })
  }

  const failures: [string, Buffer][] = [
    [
      'an HTML error page with status 200',
      Buffer.from('<!doctype html><html><body><h1>Rate exceeded</h1></body></html>'),
    ],
    [
      'an XHTML error page',
      Buffer.from('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>'),
    ],
    ['an empty body', Buffer.alloc(0)],
    ['JSON of another kind', Buffer.from('{"error":"internal"}')],
    ['words', Buffer.from('Service temporarily unavailable')],
  ]
  for (const [what, body] of failures) {
    test(`P12 P20 ${kind.kind}: ${what} is a failure, never an empty success`, async () => {
      await assert.rejects(collect(poll(() => body)), SourceTrouble)
    })
  }

  test(`P12 ${kind.kind}: a body that breaks off is a failure, wherever it does`, async () => {
    const [first] = await bodiesOf()
    assert.ok(first)
    const end = first.toString('latin1').trimEnd().length
    for (let length = 0; length < end - 1; length += Math.max(1, Math.floor(end / 60))) {
      if (example.looksWhole?.(first.toString('utf8', 0, length))) continue
      await assert.rejects(collect(poll(() => first.subarray(0, length))), SourceTrouble, `at byte ${length} of ${end}`)
    }
  })

  test(`${kind.kind}: bytes changed at random are a failure or records, never a crash`, async () => {
    const bodies = await bodiesOf()
    let state = 7
    const random = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    for (let round = 0; round < DAMAGED; round++) {
      const body = Buffer.from(bodies[random(bodies.length)] as Buffer)
      for (let change = 0; change <= random(6); change++) body[random(body.length)] = random(256)
      let served = 0
      try {
        // After the damaged answer come whole ones, so that a list which goes on can end.
        const pages = await collect(poll((url) => (served++ === 0 ? body : example.serve(url))))
        for (const title of titlesOf(pages)) assert.equal(typeof title, 'string')
      } catch (error) {
        assert.ok(error instanceof SourceTrouble, `${error}`)
      }
    }
  })

  async function bodiesOf(): Promise<Buffer[]> {
    const bodies: Buffer[] = []
    const serve: Served = (url) => {
      const body = example.serve(url)
      if (body) bodies.push(body)
      return body
    }
    await collect(poll(serve))
    return bodies
  }
}
