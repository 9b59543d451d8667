export { type Accounts, type AccountsOptions, createAccounts } from './accounts.ts'
export {
  type AdminAction,
  type AdminActionKind,
  adminActionKinds,
  adminLog,
  findAdminAction,
  recordAdminAction,
} from './admin-action.ts'
export { changeRole, type PersonChange, suspendPerson } from './change-role.ts'
export { type ClaimState, claimPaper, decideClaim } from './claim-paper.ts'
export { type Claim, confirmedAuthors, findClaim, hasConfirmedClaim, pendingClaims } from './claim-queries.ts'
export type { Arrival, Entry } from './entry.ts'
export { findPeople, findPerson, type PersonRecord } from './find-people.ts'
export * from './instance-settings.ts'
export { deleteSession as endSession } from './queries.ts'
export { keyFor, sessionCookieName, sessionCookieValue } from './session-cookie.ts'
export { type Role, reaches, roles, type Viewer } from './viewer.ts'
