import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'

// Who may import whom. Rooms meet only through each other's index.ts; this table is the one in ARCHITECTURE.md.
const rooms: Record<string, string[]> = {
  people: [],
  papers: ['people'],
  sources: ['papers', 'feed', 'people'],
  discussion: ['papers', 'people'],
  search: ['papers', 'engine'],
  feed: ['papers', 'people', 'discussion'],
  insight: ['papers', 'search', 'discussion'],
  digest: ['papers', 'people', 'feed', 'search', 'insight'],
}
const doors = ['api', 'web', 'cli', 'jobs']
const ground = ['db', 'lib']
/** Doors that open the program, and so may ask for it to be constructed. */
const opensProgram = [
  'cli/serve.ts',
  'cli/work.ts',
  'cli/import.ts',
  'cli/gather.ts',
  'cli/search.ts',
  'cli/vectors.ts',
  'cli/digest.ts',
  'cli/doctor-mail.ts',
  'cli/doctor-embedder.ts',
  'cli/doctor.ts',
]
const mayUseDb: Record<string, RegExp> = {
  // A page and a command hand the database on; they never ask it anything themselves.
  web: /^site\.ts$/,
  cli: /^(import|import-file|gather|doctor|doctor-embedder)\.ts$/,
  jobs: /./,
}

/** A room's SQL: `queries.ts`, and where that grew long, `SUBJECT-queries.ts` beside it. */
const speaksSql = /^src\/db\/|\/(?:[a-z-]+-)?queries\.ts$/

type Import = { from: string; to: string; isType: boolean; line: string }

const root = join(import.meta.dirname, '..')
const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter((file) => !/\.test\.tsx?$|\/contract\.ts$/.test(file))
const source = (file: string) => readFileSync(join(root, file), 'utf8')
const partOf = (file: string) => file.replace(/^src\//, '').split('/')[0] as string

function importsOf(file: string): Import[] {
  const pattern =
    /^(?:import|export)\s+(type\s)?[^'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|^import\s+['"]([^'"]+)['"]/gm
  return [...source(file).matchAll(pattern)].map((match) => {
    const target = (match[2] ?? match[3] ?? match[4]) as string
    const to = target.startsWith('.') ? relative(root, join(root, dirname(file), target)) : target
    return { from: file, to, isType: match[1] !== undefined, line: match[0].split('\n').at(-1) as string }
  })
}

const imports = files.flatMap(importsOf)
const own = imports.filter((one) => one.to.startsWith('src/'))

function refusal({ from, to }: Import): string | undefined {
  const [part, target] = [partOf(from), partOf(to)]
  // `compose` constructs everything, so it may know everybody.
  const isTop = !from.replace(/^src\//, '').includes('/') || part === 'compose'
  if (part === target || isTop || target === 'errors.ts') return undefined
  if (part === 'engine') return 'the engine knows nobody'
  if (ground.includes(part))
    return ground.includes(target) ? undefined : `${part} is ground and knows neither rooms nor doors`
  const name = from.replace(/^src\//, '')
  const isIndex = /^src\/[a-z]+\/index\.ts$/.test(to)
  if (target === 'compose' && !isIndex) return `${name} must use compose through its index.ts`
  if (target === 'config.ts' || target === 'compose')
    return opensProgram.includes(name) ? undefined : `${name} may not import ${target}`
  if (target === 'lib') return undefined
  if (part in rooms) {
    if (target === 'db') return isIndex ? undefined : 'rooms meet the database through db/index.ts'
    if (!rooms[part]?.includes(target)) return `room ${part} may not use ${target}`
    return isIndex || target === 'engine' ? undefined : `${part} must use ${target} through its index.ts`
  }
  if (doors.includes(part)) {
    if (target === 'db')
      return mayUseDb[part]?.test(name.slice(part.length + 1)) ? undefined : `${name} may not use the database`
    if (!(target in rooms)) return `door ${part} may not use ${target}`
    return isIndex ? undefined : `${part} must use ${target} through its index.ts`
  }
  return `${part} has no place in the house`
}

test('every import follows the table of who may use whom', () => {
  const refused = own.flatMap((one) => {
    const reason = refusal(one)
    return reason ? [`${one.from} imports ${one.to}: ${reason}`] : []
  })
  assert.deepEqual(refused, [])
})

test('the table itself would notice a room that imports a door, or reaches into another room', () => {
  const fake = (from: string, to: string) => refusal({ from, to, isType: false, line: '' })
  assert.match(String(fake('src/papers/x.ts', 'src/web/app.ts')), /may not use web/)
  assert.match(String(fake('src/feed/x.ts', 'src/papers/queries.ts')), /through its index/)
  assert.match(String(fake('src/lib/x.ts', 'src/papers/index.ts')), /ground/)
  assert.match(String(fake('src/web/x.ts', 'src/api/index.ts')), /may not use api/)
  assert.match(String(fake('src/web/pages/x.tsx', 'src/db/index.ts')), /may not use the database/)
  assert.equal(fake('src/feed/x.ts', 'src/papers/index.ts'), undefined)
})

test('SQL is written only in db/ and in each room’s queries.ts', () => {
  const speakers = imports
    .filter((one) => one.to === 'kysely' || one.to === 'pg' || one.to === 'node:sqlite')
    .map((one) => one.from)
  assert.deepEqual(
    [...new Set(speakers)].filter((file) => !speaksSql.test(file)),
    [],
  )
  const builders = files.filter((file) => /\.(selectFrom|insertInto|updateTable|deleteFrom)\(/.test(source(file)))
  assert.deepEqual(
    builders.filter((file) => !speaksSql.test(file)),
    [],
  )
})

test('the environment is read by the commands that start the program, and by nobody else', () => {
  const readers = files.filter((file) => /process\.env\b/.test(source(file)))
  assert.deepEqual(
    readers.filter((file) => !opensProgram.includes(file.replace(/^src\//, ''))),
    [],
  )
})

test('no rule reads the clock: in rooms and engine, time is an argument', () => {
  const inside = files.filter((file) => partOf(file) in rooms || partOf(file) === 'engine')
  assert.deepEqual(
    inside.filter((file) => /Date\.now\(\)|new Date\(\)|performance\.now\(\)/.test(source(file))),
    [],
  )
})

test('nothing is exported as default', () => {
  assert.deepEqual(
    files.filter((file) => /^export default\b/m.test(source(file))),
    [],
  )
})

test('imports make no cycle', () => {
  const edges = Map.groupBy(
    own.filter((one) => !one.isType),
    (one) => one.from,
  )
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[] = []
  const visit = (file: string, path: string[]) => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
      return
    }
    state.set(file, 'open')
    for (const { to } of edges.get(file) ?? []) visit(to, [...path, file])
    state.set(file, 'done')
  }
  for (const file of files) visit(file, [])
  assert.deepEqual(cycles, [])
})
