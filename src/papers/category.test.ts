import assert from 'node:assert/strict'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { createGunzip } from 'node:zlib'
import { canonicalCategory, categoryGroups, categoryName, isKnownCategory } from './category.ts'

const abstracts = new URL('../../../shared/data/arxiv-200k.jsonl.gz', import.meta.url)
const listing = new URL('../../../shared/samples/arxiv/arxiv_listing_new_sample.html', import.meta.url)
const skip = existsSync(abstracts) || process.env.CI ? false : 'the folder ../shared is not here'

const all = categoryGroups().flatMap((group) => group.archives.flatMap((archive) => archive.categories))

test('the taxonomy holds the 155 categories of today, each once and named', () => {
  assert.equal(all.length, 155)
  assert.equal(new Set(all.map(({ id }) => id)).size, 155)
  assert.deepEqual(
    categoryGroups().map(({ name, archives }) => [name, archives.flatMap(({ categories }) => categories).length]),
    [
      ['Physics', 51],
      ['Mathematics', 32],
      ['Computer Science', 40],
      ['Quantitative Biology', 10],
      ['Quantitative Finance', 9],
      ['Statistics', 6],
      ['Electrical Engineering and Systems Science', 4],
      ['Economics', 3],
    ],
  )
  for (const { id, name } of all) assert.equal(categoryName(id), name)
  for (const { archives } of categoryGroups()) {
    for (const archive of archives) {
      for (const { id } of archive.categories) assert.equal(id.split('.')[0], archive.id)
    }
  }
})

test('names are those of arXiv, of retired archives too', () => {
  assert.equal(categoryName('cs.CL'), 'Computation and Language')
  assert.equal(categoryName('hep-th'), 'High Energy Physics - Theory')
  assert.equal(categoryName('cs'), 'Computer Science')
  assert.equal(categoryName('q-alg'), 'Quantum Algebra and Topology')
  assert.equal(categoryName('I.2.7'), undefined)
})

test('second names become the canonical category', () => {
  const pairs = [
    ['math.MP', 'math-ph'],
    ['stat.TH', 'math.ST'],
    ['math.IT', 'cs.IT'],
    ['q-fin.EC', 'econ.GN'],
    ['cs.SY', 'eess.SY'],
    ['cs.NA', 'math.NA'],
  ] as const
  for (const [alias, canonical] of pairs) assert.equal(canonicalCategory(alias), canonical)
  assert.deepEqual(
    all.flatMap(({ id, aliasOf }) => (aliasOf ? [`${id}=${aliasOf}`] : [])).sort(),
    pairs.map((pair) => pair.join('=')).sort(),
  )
})

test('retired archives become the category that took them over', () => {
  const today =
    'cmp-lg→cs.CL, adap-org→nlin.AO, comp-gas→nlin.CG, chao-dyn→nlin.CD, solv-int→nlin.SI, patt-sol→nlin.PS, ' +
    'alg-geom→math.AG, dg-ga→math.DG, funct-an→math.FA, q-alg→math.QA, mtrl-th→cond-mat.mtrl-sci, ' +
    'supr-con→cond-mat.supr-con, acc-phys→physics.acc-ph, ao-sci→physics.ao-ph, atom-ph→physics.atom-ph, ' +
    'bayes-an→physics.data-an, chem-ph→physics.chem-ph, plasm-ph→physics.plasm-ph'
  for (const pair of today.split(', ')) {
    const [retired, category] = pair.split('→') as [string, string]
    assert.equal(canonicalCategory(retired), category)
    assert.ok(isKnownCategory(retired))
    assert.ok(all.some(({ id, aliasOf }) => id === category && aliasOf === undefined))
  }
})

test('a canonical category stays, unknown ids stay, capitals are put right', () => {
  for (const { id } of all) assert.equal(canonicalCategory(canonicalCategory(id)), canonicalCategory(id))
  assert.equal(canonicalCategory('astro-ph'), 'astro-ph')
  assert.equal(canonicalCategory('68T50'), '68T50')
  assert.equal(canonicalCategory('CS.ai'), 'cs.AI')
  assert.equal(canonicalCategory('cs.sy'), 'eess.SY')
})

test('bare archives of old papers are known, ACM and MSC classes and other bare archives are not', () => {
  for (const id of ['astro-ph', 'cond-mat', 'q-bio', 'quant-ph', 'cmp-lg', 'cs.LG']) assert.ok(isKnownCategory(id), id)
  for (const id of ['I.2.7', '68T50', 'cs', 'math', 'physics', 'toString', '']) assert.ok(!isKnownCategory(id), id)
})

test('every arXiv category of 20,000 real papers is known; the rest are ACM and MSC classes', { skip }, async () => {
  const unknown = new Set<string>()
  const lines = createReadStream(abstracts).pipe(createGunzip())
  let papers = 0
  for await (const line of createInterface(lines)) {
    const { categories } = JSON.parse(line) as { categories: string[] }
    for (const id of categories) if (!isKnownCategory(id)) unknown.add(id)
    if (++papers === 20_000) break
  }
  lines.destroy()
  assert.equal(papers, 20_000)
  assert.deepEqual(
    [...unknown].filter((id) => /^[a-z-]+(\.[A-Za-z-]+)?$/.test(id)),
    [],
  )
})

test('the names on a real listing page are our names', { skip }, () => {
  const pairs = [...readFileSync(listing, 'utf8').matchAll(/([A-Z][\w ,-]+) \(([a-z-]+\.[A-Z]{2})\)/g)]
  assert.ok(pairs.length > 5)
  for (const [, name, id] of pairs) assert.equal(categoryName(id!), name)
})
