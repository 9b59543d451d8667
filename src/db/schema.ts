import type { Generated } from 'kysely'

// Conventions: tables snake_case and singular; instants are ISO 8601 text in UTC with milliseconds, days are
// `YYYY-MM-DD` text, so both sort as text and mean the same on SQLite and PostgreSQL; truth values are 0 and 1.
// Each block names the room that owns the writes. Any room may read any table.

type Instant = string
type Day = string

// --- papers ---

export interface PaperTable {
  id: Generated<number>
  /** Canonical identity: who gave out the id, and the id without version. */
  source: string
  base_id: string
  /** Display form: Unicode, maths as `$...$`. */
  title: string
  /** As received (TeX); null when the display form is the same text. */
  title_raw: string | null
  /** Number made of the folded title: finds papers that share no identifier but may be the same. */
  title_hash: number
  /** JSON array of `{name, raw?, affiliation?}` in the paper's order, display names; `paper_author` finds papers by them. */
  authors: string
  /** JSON array of the first six names, and how many there are in all: what a card shows. */
  byline: string
  author_count: number
  /** Space-separated, in the source's order; `paper_category` is the index of the same. */
  categories: string
  primary_category: string | null
  submitted_at: Instant | null
  updated_at: Instant | null
  announced_on: Day | null
  dated_on: Day | null
  /** The best known day of the paper, for newest-first lists. */
  sort_on: Day
  latest_version: number
  withdrawn_version: number | null
  licence: string | null
  doi: string | null
  journal_ref: string | null
  comment: string | null
  first_seen_at: Instant
  changed_at: Instant
  /** Counts the changes of the paper, its links and its counts elsewhere: what was made of an old one is stale. */
  revision: Generated<number>
  summary: string | null
  abstract: string | null
  abstract_raw: string | null
  /** Of title, abstract, authors and categories: see `papers/text-trust.ts`. Null where it was stored before that was kept. */
  text_trust: string | null
  /** Who sent the paper in, as the archive names them; not necessarily an author. */
  submitter: string | null
}

export interface PaperIdentifierTable {
  source: string
  id: string
  paper_id: number
}

export interface PaperAuthorTable {
  author_key: string
  sort_on: Day
  paper_id: number
}

export interface PaperCategoryTable {
  paper_id: number
  category: string
  sort_on: Day
}

export interface PaperVersionTable {
  paper_id: number
  version: number
  submitted_at: Instant | null
  withdrawn: number
}

export interface PaperLinkTable {
  paper_id: number
  kind: string
  url: string
  stars: number | null
}

/** Upvotes given by another community: shown as such, never counted as ours. */
export interface PaperElsewhereTable {
  paper_id: number
  site: string
  upvotes: number
  comments: number | null
  observed_at: Instant | null
}

/**
 * The log of changes: one row for each paper that ever was, with the number of its last change. The numbers grow in the
 * order in which changes become visible. A row without its paper says that the paper is gone.
 */
export interface PaperChangeTable {
  paper_id: number
  seq: number
}

/** Two stored papers that turned out to be one; `one_id` is the smaller number. They wait here until they are joined. */
export interface MergeCandidateTable {
  one_id: number
  other_id: number
  reason: string
  found_at: Instant
}

/** Two papers of which a source said that they belong together, and which are not one: `paper_id` is the smaller. */
export interface PaperRelationTable {
  paper_id: number
  other_id: number
  found_at: Instant
}

// --- people ---

export interface PersonTable {
  id: string
  name: string
  email: string | null
  email_verified: number
  image: string | null
  role: string
  created_at: Instant
  updated_at: Instant
  /** A person who left, kept without name or address because their votes still count. */
  left_at: Instant | null
  /** Shut out by an administrator: no session, no token, no sign-in. */
  blocked_at: Instant | null
}

/** Somebody signed in with a browser. The cookie holds the token, signed with the secret of the instance. */
export interface SessionTable {
  id: string
  token: string
  person_id: string
  expires_at: Instant
  /** Where it was opened from, as far as it is kept: `192.0.2.0/24`. */
  network: string | null
  /** `Firefox on Linux`. */
  browser: string | null
  created_at: Instant
  updated_at: Instant
}

/** Who a person is at another site. Tokens of that site are not kept: the columns are better-auth's and stay empty. */
export interface IdentityTable {
  id: string
  /** `orcid`, `github`, `huggingface`. */
  provider: string
  subject: string
  person_id: string
  access_token: string | null
  refresh_token: string | null
  id_token: string | null
  access_token_expires_at: Instant | null
  refresh_token_expires_at: Instant | null
  scope: string | null
  password: string | null
  created_at: Instant
  updated_at: Instant
}

/** What waits to be proved: a sign-in link that was mailed (by the hash of its token), the challenge of a passkey. */
export interface VerificationTable {
  id: string
  identifier: string
  value: string
  expires_at: Instant
  created_at: Instant
  updated_at: Instant
}

export interface PasskeyTable {
  id: string
  name: string | null
  person_id: string
  credential_id: string
  public_key: string
  counter: number
  device_type: string
  backed_up: number
  transports: string | null
  aaguid: string | null
  created_at: Instant
}

/** A personal access token for programs. Shown once; here is only its hash. */
export interface AccessTokenTable {
  id: string
  person_id: string
  name: string
  /** The first characters, to tell tokens apart. */
  prefix: string
  hash: string
  /** Space-separated: `read`, `write`, `admin`. */
  scopes: string
  created_at: Instant
  expires_at: Instant | null
  last_used_at: Instant | null
}

/** A link that lets one person sign up. The one of the first administrator has no inviter. */
export interface InviteTable {
  id: string
  hash: string
  role: string
  /** Whom it is for, in the words of who made it. */
  note: string
  invited_by: string | null
  created_at: Instant
  expires_at: Instant
  /** The address that asked for its sign-in link with this invitation: the link may be opened in another browser. */
  claimed_by: string | null
  used_by: string | null
  used_at: Instant | null
}

/** Somebody says to be an author of a paper; an editor confirms or refuses it, and it can be claimed again. */
export interface PaperClaimTable {
  paper_id: number
  person_id: string
  /** `pending`, `confirmed`, `refused`. */
  state: Generated<string>
  claimed_at: Instant
}

/** What people with a role changed: each row says who, what it was before and after, and can be undone. */
export interface AdminActionTable {
  id: Generated<number>
  at: Instant
  /** Null when the program itself did it. No reference: the log outlives the account. */
  person_id: string | null
  kind: string
  /** What was changed: `setting:submitPerDay`, `person:ID`, `paper:ID`. */
  subject: string
  /** JSON; null where there was, or is, nothing. */
  before: string | null
  after: string | null
  reason: string | null
  /** The action that this one takes back. */
  undoes: number | null
}

// --- discussion ---

/** A set: one row for each person and paper. Every count is recounted from here. */
export interface VoteTable {
  paper_id: number
  person_id: string
  created_at: Instant
  /** Derived: 1 when its person is confirmed and neither person nor vote is excluded. */
  counts: Generated<number>
  /** Keyed hash of the network it came from, dropped after 30 days: shows rings of accounts to moderators. */
  network: string | null
}

/** Votes that moderators do not count. `paper_id` 0 means all of the person's. */
export interface VoteExclusionTable {
  person_id: string
  paper_id: number
  reason: string
  excluded_at: Instant
}

/**
 * Where a paper stands: counts recounted from `vote`, its place in the edition copied from `edition_entry`, and the
 * hotness of both. Wholly derived: `recountStandings` rebuilds it.
 */
export interface StandingTable {
  paper_id: number
  upvotes: number
  comments: number
  day: Day | null
  placement: number
  listed_at: Instant | null
  hotness: number | null
}

// --- feed ---

export interface EditionTable {
  day: Day
  is_starter: number
  created_at: Instant
}

export interface EditionEntryTable {
  /** A paper is listed once: it belongs to one day for ever. */
  paper_id: number
  day: Day
  placement: number
  listed_at: Instant
  /** `starter`, `import`, `gathered`, `submitted`, `picked`. */
  origin: string
  /** Somebody of another site, by the name shown there. People of ours are in `submission`. */
  submitted_by: string | null
  site: string | null
}

export interface SubmissionTable {
  paper_id: number
  person_id: string
  comment: string | null
  submitted_at: Instant
}

/** Submitted papers that are not stored: they wait until the paper is gathered. */
export interface SubmissionRequestTable {
  source: string
  id: string
  person_id: string
  comment: string | null
  requested_at: Instant
  /** `queued`, `listed`, `failed`. */
  state: Generated<string>
  problem: string | null
  resolved_at: Instant | null
}

/** Papers that an editor marked as picks. */
export interface PickTable {
  paper_id: number
  person_id: string | null
  picked_at: Instant
}

/** Papers that an editor took out of their edition: nothing lists them again but an editor. */
export interface EditionRemovalTable {
  paper_id: number
  day: Day
  reason: string
  removed_at: Instant
}

/** Periods whose badges are given: what happens to votes later does not change them. */
export interface ClosedPeriodTable {
  kind: string
  key: string
  closed_at: Instant
}

export interface EditionBadgeTable {
  kind: string
  key: string
  rank: number
  paper_id: number
  upvotes: number
}

// --- digest ---

/** An address that gets mail, or asked for it. Apart from accounts: neither needs the other. */
export interface SubscriberTable {
  id: string
  /** Lower case. */
  email: string
  person_id: string | null
  /** Opens the page of preferences, and nothing else. */
  token: string
  /** Of the confirmation asked for last; null once used. */
  confirm_token: string | null
  confirm_until: Instant | null
  asked_at: Instant | null
  asked_count: Generated<number>
  /** The address was proved, by a link in a mail to it or by the account it belongs to. */
  confirmed_at: Instant | null
  created_at: Instant
}

export interface SubscriptionTable {
  id: string
  subscriber_id: string
  /** `waiting` (never asked yet), `unconfirmed`, `active`, `paused`, `ended`. */
  state: string
  /** JSON: what it is about (`digest/want.ts`). */
  want: string
  /** `daily`, `weekdays`, `weekly`, `monthly`. */
  rhythm: string
  /** Digits 1 (Monday) to 7, in the reader's own zone. */
  weekdays: string
  hour: number
  /** IANA name. */
  zone: string
  /** Most papers in one mail. */
  length: number
  /** Ends this subscription, and nothing else. Valid for ever. */
  token: string
  /** The next promised moment. */
  next_at: Instant | null
  /** The last announcement day that reached the reader. */
  covered_through: Day | null
  last_sent_at: Instant | null
  paused_until: Instant | null
  confirmed_at: Instant | null
  ended_at: Instant | null
  /** `one-click`, `page`, `mail`, `preferences`, `account`. */
  ended_how: string | null
  created_at: Instant
}

/** What mail of a kind says for some announcement days, frozen: a retry sends the same mail. */
export interface IssueTable {
  id: string
  kind: string
  from_day: Day
  day: Day
  /** `frozen`, or `failed`: it could not be made into a mail, and nobody gets it. */
  state: string
  /** Made at the deadline, before its day was complete. */
  is_partial: number
  /** JSON `[paper, why][]`, best first; empty where each reader has a choice of their own. */
  papers: string
  /** JSON: how many papers the days have, and how many of each category. */
  totals: string
  frozen_at: Instant
  problem: string | null
}

/** A paper as an issue shows it, JSON. */
export interface IssuePaperTable {
  issue_id: string
  paper_id: number
  content: string
}

/** One mail of one subscription for one period, from the moment it is promised: what happened to it, or why nothing did. */
export interface DeliveryTable {
  /** Also the token in the address that undeliverable mail comes back to. */
  id: string
  subscription_id: string
  /** `2026-03-02`, `2026-W10`, `2026-03` in the reader's zone; `now 2026-03-02T10` when asked for. */
  period_key: string
  issue_id: string | null
  /** JSON `[paper, why][]` where it differs from the issue's first ones. */
  papers: string | null
  /** What `covered_through` becomes when this one has gone out. */
  covers: Day | null
  slot_at: Instant
  /** `planned`, `claimed`, `sent`, `failed`, `unknown`, `skipped`. */
  state: string
  /** Why it is not sent, in words. */
  reason: string | null
  attempts: Generated<number>
  retry_at: Instant
  worker: string | null
  lease_until: Instant | null
  /** Written before the first byte of the message flows. */
  began_at: Instant | null
  settled_at: Instant | null
  /** The server's last words. */
  reply: string | null
}

/** The mail of a day that goes to the administrator first: until it was taken, nobody else gets that day's edition. */
export interface CanaryTable {
  day: Day
  /** `waiting`, `sent`, `failed`: the server refused it, and everybody's mail about the day waits for an administrator. */
  state: string
  tries: Generated<number>
  /** Not before this; while it is being sent, when that counts as given up. */
  try_at: Instant
  /** The server's last words. */
  reply: string | null
  settled_at: Instant | null
}

/** What a subscription has had, where its days alone do not tell: no paper comes twice. */
export interface MailedPaperTable {
  subscription_id: string
  paper_id: number
}

/** Addresses that get no mail, whoever they belong to. Apart from accounts: a complaint never ends one. */
export interface SuppressionTable {
  /** Hash of the normalised address: stays when the address itself must be forgotten. */
  address_hash: string
  address: string | null
  /** `hard`, `soft`, `complaint`. */
  reason: string
  evidence: string
  created_at: Instant
}

/** Mail that came back, and complaints. The id is made of the report itself: one told twice counts once. */
export interface MailReturnTable {
  id: string
  address_hash: string
  delivery_id: string | null
  /** `hard`, `soft`, `other`, `complaint`. */
  kind: string
  status: string | null
  evidence: string
  received_at: Instant
}

/** Who agreed to what, when and how; stays, without the address, when a subscriber goes. */
export interface ConsentTable {
  id: string
  subscriber_id: string
  subscription_id: string | null
  /** `asked`, `confirmed`, `changed`, `paused`, `resumed`, `ended`, `deleted`. */
  what: string
  /** The page or mail it happened on. */
  how: string
  network: string | null
  wording: string | null
  at: Instant
}

export interface SavedSearchTable {
  id: string
  person_id: string
  name: string
  query: string
  /** Papers first seen after this are new. */
  seen_at: Instant
  created_at: Instant
}

// --- search ---

/** A vector that a model outside the program made of a text, kept for as long as nobody takes the model's vectors out. */
export interface TextVectorTable {
  /** The id of the embedder, such as `openai:https://host/v1#model`. */
  model: string
  /** The start of the SHA-256 of the text, in base64url. */
  text_hash: string
  /** Half-precision floats, little-endian. */
  numbers: Uint8Array
}

// --- sources: arXiv ---

/** How far a day of one subject is: `state` is a `DayState` of `sources/arxiv`. What is shown as "79 of 79". */
export interface GatheredDayTable {
  source: string
  subject: string
  day: Day
  state: string
  /** New papers and cross-lists that the source says there are, and those that are stored. */
  declared: number | null
  stored: number | null
  /** `listing`, `catchup` or `oai`. */
  via: string | null
  message: string | null
  first_tried_at: Instant
  checked_at: Instant
  completed_at: Instant | null
}

/** What arXiv announced, as it said it: one paper may be `new` in one category and `cross` in another. */
export interface PaperAnnouncementTable {
  paper_id: number
  subject: string
  day: Day
  kind: string
  position: number
}

/** The place a harvest has reached, written with each stored page: a killed one goes on from here. */
export interface HarvestTable {
  name: string
  state: string
  range_from: Day | null
  range_until: Day | null
  token: string | null
  /** The last datestamp that was stored: where to start anew if the token is refused. */
  reached: Day | null
  pages: number
  records: number
  stored: number
  bad: number
  /** Of the first answer of this run; becomes `last_good_response` when the run is finished. */
  response_date: Instant | null
  last_good_response: Instant | null
  message: string | null
  started_at: Instant
  updated_at: Instant
  finished_at: Instant | null
}

/** Papers of arXiv whose full record is still to be fetched: known from a listing only, or submitted by somebody. */
export interface ArxivWantedTable {
  base_id: string
  reason: string
  since: Instant
  tries: number
  next_at: Instant
  message: string | null
}

/** Papers whose arXiv id was looked for by title: each is looked for once. */
export interface ArxivTitleLookupTable {
  paper_id: number
  tried_at: Instant
  outcome: string
}

// --- lib/polite-http: being polite to other servers ---

/** Requests of one lane go one after the other, whichever process makes them. */
export interface OutgoingLaneTable {
  lane: string
  holder: string | null
  held_until: Instant | null
  free_at: Instant
  pages_free_at: Instant
  cooldown_until: Instant | null
}

export interface OutgoingSourceTable {
  source: string
  /** Failures in a row. */
  failures: number
  closed_until: Instant | null
  /** Since when the source refuses us (403); null when it does not. */
  blocked_at: Instant | null
  last_ok_at: Instant | null
  last_failure_at: Instant | null
  last_status: number | null
  last_message: string | null
}

export interface OutgoingValidatorTable {
  url: string
  etag: string | null
  last_modified: string | null
  checked_at: Instant
}

// --- sources ---

/** What papers come from beside the default of arXiv; arXiv's own choice is the row `arxiv`. */
export interface SourceTable {
  name: string
  kind: string
  /** JSON, as in the file of sources. */
  settings: string
  /** `file` or `admin`. */
  origin: string
  enabled: number
  created_at: Instant
  updated_at: Instant
}

/** How a source is doing; it outlives changes of its settings. */
export interface SourceStateTable {
  name: string
  /** JSON: where the next poll goes on. Written with the records it speaks of. */
  cursor: string | null
  /** `none`, `ok`, `later`, `blocked`, `refused`, `broken`. */
  outcome: string
  message: string | null
  polled_at: Instant | null
  succeeded_at: Instant | null
  /** Since the last success. */
  failures: number
  /** Of the last successful run. */
  received: number
  added: number
  bad: number
}

/** How far an enrichment that follows the papers has got. */
export interface EnrichmentCursorTable {
  name: string
  cursor: string
}

/** What an enrichment asks for one by one, and when it is due again. */
export interface EnrichmentDueTable {
  name: string
  key: string
  next_at: Instant
}

/** Stars of a repository on a day it was asked for. */
export interface LinkStarsTable {
  url: string
  day: Day
  stars: number
}

/** Models and datasets elsewhere that name a paper. */
export interface PaperArtifactTable {
  paper_id: number
  kind: string
  name: string
  likes: number
  downloads: number
  observed_at: Instant
}

/** Something that an administrator is told about once, and once more when it is over. */
export interface IncidentTable {
  id: Generated<number>
  /** What it is about, such as `day:2026-03-02` or `source:journal`; open at most once. */
  key: string
  words: string
  since: Instant
  mailed_at: Instant | null
  cleared_at: Instant | null
  clear_mailed_at: Instant | null
}

// --- db itself ---

/** Work to be done, once or again and again; written through `job-queue.ts` only. */
export interface JobTable {
  id: Generated<number>
  kind: string
  /** Two jobs with one key are one. */
  key: string | null
  /** JSON. */
  payload: string
  state: 'waiting' | 'running' | 'done' | 'failed'
  run_after: Instant
  /** Runs since the last success. */
  attempts: Generated<number>
  max_attempts: number
  /** Held by the worker that runs it, until `lease_until`; then anybody may take it. */
  lease: string | null
  lease_until: Instant | null
  /** Somebody asked for it while it ran. */
  again_at: Instant | null
  created_at: Instant
  started_at: Instant | null
  succeeded_at: Instant | null
  failed_at: Instant | null
  /** JSON. */
  last_result: string | null
  /** Null after a success. */
  last_error: string | null
}

/** A program that takes jobs says from time to time that it is alive; written through `worker-beats.ts` only. */
export interface WorkerBeatTable {
  /** Made up anew at each start. */
  worker: string
  started_at: Instant
  seen_at: Instant
}

export interface SettingTable {
  name: string
  value: string
}

export interface Database {
  paper: PaperTable
  paper_identifier: PaperIdentifierTable
  paper_author: PaperAuthorTable
  paper_category: PaperCategoryTable
  paper_version: PaperVersionTable
  paper_link: PaperLinkTable
  paper_elsewhere: PaperElsewhereTable
  merge_candidate: MergeCandidateTable
  paper_relation: PaperRelationTable
  paper_change: PaperChangeTable
  person: PersonTable
  session: SessionTable
  identity: IdentityTable
  verification: VerificationTable
  passkey: PasskeyTable
  access_token: AccessTokenTable
  invite: InviteTable
  paper_claim: PaperClaimTable
  admin_action: AdminActionTable
  vote: VoteTable
  vote_exclusion: VoteExclusionTable
  standing: StandingTable
  edition: EditionTable
  edition_entry: EditionEntryTable
  submission: SubmissionTable
  submission_request: SubmissionRequestTable
  pick: PickTable
  edition_removal: EditionRemovalTable
  closed_period: ClosedPeriodTable
  edition_badge: EditionBadgeTable
  subscriber: SubscriberTable
  subscription: SubscriptionTable
  source: SourceTable
  source_state: SourceStateTable
  incident: IncidentTable
  enrichment_cursor: EnrichmentCursorTable
  enrichment_due: EnrichmentDueTable
  link_stars: LinkStarsTable
  paper_artifact: PaperArtifactTable
  issue: IssueTable
  issue_paper: IssuePaperTable
  canary: CanaryTable
  delivery: DeliveryTable
  mailed_paper: MailedPaperTable
  suppression: SuppressionTable
  mail_return: MailReturnTable
  consent: ConsentTable
  saved_search: SavedSearchTable
  text_vector: TextVectorTable
  job: JobTable
  gathered_day: GatheredDayTable
  worker_beat: WorkerBeatTable
  paper_announcement: PaperAnnouncementTable
  harvest: HarvestTable
  arxiv_wanted: ArxivWantedTable
  arxiv_title_lookup: ArxivTitleLookupTable
  outgoing_lane: OutgoingLaneTable
  outgoing_source: OutgoingSourceTable
  outgoing_validator: OutgoingValidatorTable
  setting: SettingTable
}
