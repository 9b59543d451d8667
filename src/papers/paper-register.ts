import type { Db } from '../db/index.ts'
import { areDistinct, isOneWork, isSamePaper, titleIdentifier } from './identity.ts'
import { mergePaper } from './merge-paper.ts'
import type { Identifier } from './paper.ts'
import type { PaperState } from './paper-state.ts'
import { loadStates, paperIdsByIdentifier, paperIdsByTitleHash } from './queries.ts'

/** One paper of the batch: as the database holds it, if it does, and as it will be. */
export type Slot = {
  stored?: PaperState
  current: PaperState
  /** Turned out to be this other paper, before it was ever stored. */
  joined?: Slot
}
/** Two stored papers that are one, or that a source named together although they are two. */
export type Finding = { kind: 'one' | 'related'; one: Slot; other: Slot; reason: string }

/** Under which a paper is known that has, or once had, this title. */
function titleMark(state: PaperState): Identifier {
  return titleIdentifier(state.titleKey, state.authorKey)
}

/** Where a slot is now. */
export function standing(slot: Slot): Slot {
  let at = slot
  while (at.joined) at = at.joined
  return at
}

/** Knows every paper that the batch could be about, those of the batch itself included. */
export async function openRegister(tx: Db, incoming: readonly PaperState[]) {
  const byIdentifier = new Map<string, Slot>()
  const byTitle = new Map<string, Slot[]>()
  const findings: Finding[] = []
  const keyOf = ({ source, id }: PaperState['identifiers'][number]) => `${source}:${id}`

  const add = (slot: Slot) => {
    for (const identifier of slot.current.identifiers) byIdentifier.set(keyOf(identifier), slot)
    const sameTitle = byTitle.get(slot.current.titleKey)
    if (!sameTitle) byTitle.set(slot.current.titleKey, [slot])
    else if (!sameTitle.includes(slot)) sameTitle.push(slot)
  }
  // Each is needed again when its record is placed, and takes a hash to make.
  const marks = new Map(incoming.map((state) => [state, titleMark(state)]))
  const markOf = (state: PaperState) => marks.get(state) ?? titleMark(state)
  const asked = [...incoming.flatMap((state) => state.identifiers), ...marks.values()]
  const known = await paperIdsByIdentifier(tx, asked)
  const sameTitle = await paperIdsByTitleHash(
    tx,
    incoming.map((state) => state.row.title_hash),
  )
  for (const stored of await loadStates(tx, [...new Set([...known, ...sameTitle])])) add({ stored, current: stored })

  /** Papers that have one of the record's ids, in the order of its trust. */
  const withItsIdentifiers = (state: PaperState): Slot[] => [
    ...new Set(
      state.identifiers.flatMap((identifier) => {
        const slot = byIdentifier.get(keyOf(identifier))
        return slot ? [standing(slot)] : []
      }),
    ),
  ]
  /** Papers that have this title now, or had it before, and may be the same one. */
  const alike = (state: PaperState, than?: Slot): Slot[] => {
    const titled = byTitle.get(state.titleKey) ?? []
    const former = byIdentifier.get(keyOf(markOf(state)))
    if (!former && titled.every((slot) => slot === than)) return []
    const slots = new Set([...titled, ...(former ? [former] : [])].map(standing))
    return [...slots].filter((slot) => {
      if (slot === than) return false
      const found = slot.current
      return isSamePaper(slot === former ? { ...found, titleKey: state.titleKey } : found, state)
    })
  }
  /** Two papers are one: at once where one of them is only being stored, else by the job. */
  const join = (one: Slot, other: Slot, reason: string): Slot => {
    const [keep, gone] = one.stored || !other.stored ? [one, other] : [other, one]
    if (gone.stored) findings.push({ kind: 'one', one: keep, other: gone, reason })
    else {
      keep.current = mergePaper(keep.current, gone.current)
      gone.joined = keep
      add(keep)
    }
    return keep
  }

  const place = (state: PaperState): Slot => {
    const named = withItsIdentifiers(state)
    const titled = named.length === 0 ? alike(state) : []
    let slot = named[0] ?? (titled.length === 1 ? titled[0] : undefined)
    if (slot) {
      slot.current = mergePaper(slot.current, withoutForeignIdentifiers(state, slot))
      slot = withoutForeignTitles(slot)
    } else slot = { current: state }
    add(slot)
    for (const other of named.slice(1)) {
      if (isOneWork(slot.current, other.current)) slot = join(slot, other, 'a source named both ids')
      else findings.push({ kind: 'related', one: slot, other, reason: 'a source named both ids' })
    }
    // A title that was replaced, or authors that became known, may show that two papers are one.
    for (const known of slot.current === state ? [state] : [slot.current, state]) {
      const [only, another] = alike(known, slot)
      if (only && !another && !areDistinct(only.current.identifiers, slot.current.identifiers))
        slot = join(slot, only, 'the same title and first author')
    }
    return slot
  }
  /** An identifier that already names another paper stays with that one, until the two are joined. */
  const withoutForeignIdentifiers = (state: PaperState, slot: Slot): PaperState => {
    const isOurs = (identifier: PaperState['identifiers'][number]) =>
      standing(byIdentifier.get(keyOf(identifier)) ?? slot) === slot
    return state.identifiers.every(isOurs) ? state : { ...state, identifiers: state.identifiers.filter(isOurs) }
  }
  /** A title that gave way may be the name of another paper: then the two are one, or the title stays with that one. */
  const withoutForeignTitles = (slot: Slot): Slot => {
    const foreign = slot.current.identifiers.filter((identifier) => {
      const owner = byIdentifier.get(keyOf(identifier))
      return identifier.source === 'title' && owner !== undefined && standing(owner) !== slot
    })
    if (foreign.length === 0) return slot
    const identifiers = slot.current.identifiers.filter((identifier) => !foreign.includes(identifier))
    slot.current = { ...slot.current, identifiers }
    let at = slot
    for (const owner of new Set(foreign.map((identifier) => standing(byIdentifier.get(keyOf(identifier)) as Slot)))) {
      const { titleKey } = owner.current
      const isOne = isSamePaper({ ...at.current, titleKey }, owner.current)
      if (isOne && standing(owner) !== at) at = join(at, owner, 'a title it had before')
    }
    return at
  }
  /** To be called when all are placed: titles that gave way are looked for among papers that nobody asked for yet. */
  const settle = async (slots: Iterable<Slot>): Promise<void> => {
    const open = [...new Set([...slots].map(standing))]
    const titles = open.flatMap(({ current }) => current.identifiers.filter(({ source }) => source === 'title'))
    if (titles.length === 0) return
    const known = new Set(asked.map(({ id }) => id))
    const own = new Set(open.map(({ current }) => current.id))
    const unasked = titles.filter(({ id }) => !known.has(id))
    const owners = (await paperIdsByIdentifier(tx, unasked)).filter((id) => !own.has(id))
    for (const stored of await loadStates(tx, [...new Set(owners)])) add({ stored, current: stored })
    for (const slot of open) withoutForeignTitles(standing(slot))
  }
  return { place, settle, findings: () => findings }
}
