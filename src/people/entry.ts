import type { Viewer } from './viewer.ts'

/** How the viewer of a request came in: with the session of a browser, or with a token, as programs do. */
export type Entry = { viewer: Viewer } & (
  | { by: 'session'; sessionId: string; signedInAt: string }
  | { by: 'token'; tokenId: string }
)

/** What a request says about who sends it. `isSecure` tells which cookie counts: that of https, or the plain one. */
export type Arrival = { cookie?: string | undefined; authorization?: string | undefined; isSecure: boolean }
