/** A paper's number inside this database. Never shown: pages and APIs speak of `source` and `baseId`. */
export type PaperId = number & { readonly __brand: 'PaperId' }

/** Where an identifier was given out: `arxiv`, `doi`, `acl`, ... and `title` for papers known by their title only. */
export type Identifier = { source: string; id: string }

export const linkKinds = ['code', 'project', 'html', 'pdf', 'dataset', 'video', 'page'] as const
export type LinkKind = (typeof linkKinds)[number]
export type PaperLink = { kind: LinkKind; url: string; stars?: number }

/** An author as the source wrote the name (raw TeX), in the paper's order. */
export type AuthorRecord = { name: string; affiliation?: string }

/** Upvotes that another community gave: shown as such, never counted as ours. */
export type ElsewhereRecord = { site: string; upvotes: number; comments?: number; observedAt?: string }

/** One submitted state of a paper. `submittedAt` is an instant in UTC. */
export type VersionRecord = { version: number; submittedAt?: string; withdrawn?: boolean }

/**
 * What a source knows of one paper, converted but not cleaned: texts are raw (TeX, as received). Whatever the source
 * does not state is left out, never guessed. Instants are ISO 8601 UTC (`2026-03-02T18:30:14.000Z`), days `YYYY-MM-DD`.
 */
export type PaperRecord = {
  /** Most trusted first; may be empty, then title and first author identify the paper. No versions in ids. */
  identifiers: Identifier[]
  title: string
  abstract?: string
  /** Two or three sentences in somebody's own words: stands in for a missing abstract, stays as TL;DR beside one. */
  summary?: string
  authors: AuthorRecord[]
  /** First is primary. */
  categories: string[]
  submittedAt?: string
  updatedAt?: string
  /** The announcement day, only from a source that states it. */
  announcedOn?: string
  /** A day the source gives without saying which: orders lists when nothing better is known. */
  datedOn?: string
  licence?: string
  /** The authors' remark about the paper ("12 pages, 3 figures"). */
  comment?: string
  journalRef?: string
  doi?: string
  /** Who sent it in, as the source names them. */
  submitter?: string
  versions: VersionRecord[]
  links: PaperLink[]
  elsewhere?: ElsewhereRecord
  /**
   * The archive that owns the paper says so itself, about its newest version: replaces what is stored, such as a title
   * that was changed. Everything else only fills gaps.
   */
  isTruth?: true
}
