import { periodOf, periodPath } from '../feed/index.ts'
import { authorKey, authorPath, type PaperId } from '../papers/index.ts'
import type { Chosen } from './choose-papers.ts'
import { composeDigest } from './compose-digest.ts'
import type { Issue, TryOut } from './freeze-issue.ts'
import type { MailPaper } from './mail-paper.ts'
import type { MailSite } from './mail-site.ts'
import type { DigestContent } from './mail-words.ts'
import { defaultSettings, type Subscription } from './subscription.ts'
import { isShared } from './want.ts'

type Parts = {
  site: MailSite
  subscription: Subscription
  subscriberToken: string
  email: string
  issue: Issue
  chosen: readonly Chosen[]
  papers: ReadonlyMap<PaperId, MailPaper>
  followed?: ReadonlySet<string>
  /** Why somebody gets this who did not subscribe: for canaries and tests, which have nothing to unsubscribe from. */
  note?: string
}

/** Puts one reader's mail together out of what is frozen. Papers that an issue no longer has are passed over. */
export function contentOf(parts: Parts): DigestContent {
  const { site, subscription, subscriberToken, email, issue, chosen, papers, followed, note } = parts
  const entries = chosen.flatMap(([id, why]) => {
    const paper = papers.get(id)
    return paper ? [{ paper, why }] : []
  })
  const administration = `${site.baseUrl}/admin/digests`
  return {
    site,
    subscription,
    email,
    issue,
    entries,
    followed: followed ?? new Set(),
    ...(note ? { note } : {}),
    links: {
      unsubscribe: note ? administration : `${site.baseUrl}/u/${subscription.token}`,
      preferences: note ? administration : `${site.baseUrl}/mail/${subscriberToken}`,
      web: site.baseUrl + webPath(issue, subscription),
      help: `${site.baseUrl}/about/mail`,
    },
  }
}

/** Where the same can be read on the site, now and later. */
function webPath({ range }: Issue, { want }: Subscription): string {
  if (want.kind === 'trending') return '/papers/trending'
  if (want.kind === 'search') return `/papers?q=${encodeURIComponent(want.query)}&sort=newest`
  if (want.kind === 'authors' && want.authors.length === 1) return authorPath(authorKey(want.authors[0] ?? ''))
  if (want.kind === 'categories' && want.categories[0]) return `/categories/${encodeURIComponent(want.categories[0])}`
  const kind = range.from === range.to ? 'day' : range.from.slice(0, 7) === range.to.slice(0, 7) ? 'week' : 'month'
  return periodPath(periodOf(kind, range.to))
}

/** Composes the longest mail an issue can have; whatever is wrong with texts or templates comes out here. */
export const tryOutFor =
  (site: MailSite): TryOut =>
  (issue, papers) => {
    const settings = defaultSettings('UTC')
    const subscription: Subscription = {
      ...settings,
      want: isShared({ kind: issue.kind } as never) ? ({ kind: issue.kind } as never) : settings.want,
      length: 50,
      id: 'example',
      subscriberId: 'example',
      state: 'active',
      token: 'example',
    }
    const followed = new Set([...papers.values()].flatMap(({ authors }) => authors.map(({ key }) => key)))
    const base = { site, subscription, subscriberToken: 'example', email: 'reader@example.org', issue, papers }
    const chosen = issue.chosen.slice(0, 50)
    for (const marks of [new Set<string>(), followed]) {
      const content = contentOf({ ...base, chosen, followed: marks })
      composeDigest(content, { deliveryId: 'example', periodKey: issue.range.to, date: new Date(0) })
    }
  }
