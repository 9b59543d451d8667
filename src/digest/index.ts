export { isToken, normalAddress } from './address.ts'
export { type Canary, canaries, decideCanary } from './canary.ts'
export {
  type Change,
  changeSubscription,
  findByUnsubscribeToken,
  findOwn,
  findPreferences,
  mailOfPerson,
  type Preferences,
  subscriptionsOfAddress,
} from './change-subscription.ts'
export type { Finder } from './choose-papers.ts'
export { confirmationMail, sendConfirmation } from './confirm-mail.tsx'
export type { Origin } from './consent.ts'
export { isDayGathered } from './day-complete.ts'
export { type DigestStatus, digestStatus } from './digest-status.ts'
export { type Draft, planNow, previewDigest, previewFor } from './draft-digest.ts'
export { endSubscription, forgetAddress, forgetSubscriber, undoEnd } from './end-subscription.ts'
export { digestTroubles } from './heartbeat.ts'
export { isZone, zoneNames } from './local-time.ts'
export { callSite, type DigestTools, type IsDayComplete, type MailSite } from './mail-site.ts'
export {
  type AddressReport,
  type DeliveryOutcome,
  type IssueReport,
  issueInDetail,
  issueReports,
  lookUpAddress,
  type MailOverview,
  mailOverview,
  outcomes,
  type Reason,
  releaseByHand,
  retryIssue,
  type Suppressed,
  sendTest,
  suppressByHand,
  suppressedAddresses,
} from './oversee-digests.ts'
export { type MailFlow, mailFlow, mailPausedSince, setMailFlow } from './pause.ts'
export { type DigestReport, runDigests } from './run-digests.ts'
export { markSeen, removeSearch, type SavedSearch, savedSearches, saveSearch } from './saved-search.ts'
export { nextSlot, type Rhythm, rhythms } from './schedule.ts'
export { scheduleSentence } from './schedule-words.ts'
export { searchFinder, type WithIndex } from './search-finder.ts'
export { sendNow } from './send-now.ts'
export {
  askToSubscribe,
  askWaiting,
  CONFIRM_DAYS,
  confirmSubscriptions,
  findConfirmation,
  subscribeMore,
  subscribePerson,
} from './subscribe.ts'
export { defaultSettings, type Subscription, type SubscriptionSettings, settingsSchema } from './subscription.ts'
export {
  countSubscriptionsByState,
  forgetUnconfirmed,
  personNamed,
  type SubscriberRow,
  submittersNamed,
} from './subscription-queries.ts'
export { type MailReturn, releaseSuppression, takeReturn } from './suppress.ts'
export { type TakenMessage, takeMessage } from './take-message.ts'
export { pickersOf, type Want, type WantKind, wantKinds, wantSentence, wantTitle } from './want.ts'
export { type HookProvider, type HookSettings, hookProviders, readHook } from './webhooks.ts'
