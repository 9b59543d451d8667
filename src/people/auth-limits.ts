/** How long somebody stays signed in, counted from signing in: reading on does not lengthen it, for GET writes nothing. */
export const SESSION_DAYS = 60
/** A link that waits longer in a mailbox is more likely found by somebody else than used by its owner. */
export const LINK_MINUTES = 30
/** What could take an account away asks for a sign-in not older than this. */
export const FRESH_HOURS = 24
export const MAX_NAME_CHARACTERS = 80
/** How long somebody may look at the sign-in page before sending it, where the browser works for a link. */
export const WORK_MINUTES = 30
