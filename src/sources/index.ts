export type { ImportFormat, ImportItem, ListingFact } from './read-import.ts'
export { importFormats, readImport } from './read-import.ts'
export { readStarter } from './starter.ts'
