import type { EngineField } from '../document.ts'

/** Positions in `ForwardText` of the lists of each field: its words in order, then its closed spellings. */
export const listsOf: Record<EngineField, number> = { title: 0, authors: 2, abstract: 4, categories: 6 }
