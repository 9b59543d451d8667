export { createAccessToken, type Scope, scopes, tokenDays } from './access-tokens.ts'
export { type Accounts, type AccountsOptions, createAccounts } from './accounts.ts'
export {
  type AdminAction,
  type AdminActionKind,
  adminActionKinds,
  adminLog,
  findAdminAction,
  recordAdminAction,
} from './admin-action.ts'
export type { Visit } from './arriving.ts'
export { FRESH_HOURS, LINK_MINUTES, MAX_NAME_CHARACTERS, SESSION_DAYS, WORK_MINUTES } from './auth-limits.ts'
export type { Step } from './call-auth.ts'
export { confirmAddress } from './change-address.ts'
export { changeRole, type PersonChange, suspendPerson } from './change-role.ts'
export { type ClaimState, claimPaper, decideClaim } from './claim-paper.ts'
export { type Claim, confirmedAuthors, findClaim, hasConfirmedClaim, pendingClaims } from './claim-queries.ts'
export type { Arrival, Entry } from './entry.ts'
export { exportAccount } from './export-account.ts'
export { findPeople, findPerson, type PersonRecord } from './find-people.ts'
export * from './instance-settings.ts'
export { createInvite, inviteFor, offerFirstAdministrator } from './invites.ts'
export type { OnLeaving, VotesOfLeaver } from './leave.ts'
export { groupsOfIPv6, networkOf } from './network.ts'
export { type ProviderName, providerLabels, providerNames } from './providers.ts'
export {
  deleteExpired as forgetExpired,
  deleteInvite,
  deleteOtherSessions as endOtherSessions,
  deleteOwned,
  deleteSession as endSession,
  identitiesOf,
  listInvites,
  passkeysOf,
  personById,
  savePersonName,
  sessionsOf,
  tokensOf,
} from './queries.ts'
export { readAddress } from './read-address.ts'
export { keyFor, sessionCookieName, sessionCookieValue } from './session-cookie.ts'
export { type Role, reaches, roles, type Viewer } from './viewer.ts'
