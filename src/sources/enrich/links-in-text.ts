import type { PaperLink } from '../../papers/index.ts'

/** Hosts of code, where the first two parts of a path are somebody and their repository. */
const codeHosts = new Set(['github.com', 'gitlab.com', 'codeberg.org', 'bitbucket.org'])
/** First parts of a path that are no people. */
const noOwners = new Set([
  'features',
  'topics',
  'orgs',
  'sponsors',
  'about',
  'explore',
  'login',
  'settings',
  'search',
  'marketplace',
])
const projectHosts = /\.(?:github|gitlab)\.io$/
/** More than this in one text are references to other people's work. */
const MAX_LINKS = 4

// With or without scheme, as authors write them; an address ends before blanks, brackets, quotes and TeX.
const addressPattern =
  /(?:https?:\/\/)?(?:www\.)?((?:[a-z0-9-]+\.)*(?:github\.com|gitlab\.com|codeberg\.org|bitbucket\.org|github\.io|gitlab\.io))(\/[^\s<>"'{}|\\^`[\]]*)?/gi

/** Repositories and project pages that a text names: `\url{}` and the like around them do not matter. Each once. */
export function linksInText(text: string): PaperLink[] {
  const links = new Map<string, PaperLink>()
  for (const match of text.matchAll(addressPattern)) {
    // The tail of a longer name, such as `notgithub.com` or an address of e-mail.
    if (/[\w@.-]/.test(text[match.index - 1] ?? '')) continue
    const link = linkOf(match[1]!.toLowerCase(), trimmed(match[2] ?? ''))
    if (link && !links.has(link.url.toLowerCase())) links.set(link.url.toLowerCase(), link)
  }
  return links.size > MAX_LINKS ? [] : [...links.values()]
}

function linkOf(host: string, path: string): PaperLink | undefined {
  if (projectHosts.test(host)) return { kind: 'project', url: `https://${host}${path === '' ? '/' : path}` }
  if (!codeHosts.has(host)) return undefined
  const [owner = '', repository = ''] = path.split(/[?#]/)[0]!.split('/').slice(1)
  const name = repository.replace(/\.git$/, '')
  const isName = (part: string) => /^[\w.-]{1,100}$/.test(part) && !/^\.+$/.test(part)
  if (!isName(owner) || !isName(name) || noOwners.has(owner.toLowerCase())) return undefined
  return { kind: 'code', url: `https://${host}/${owner}/${name}` }
}

/** Without the full stop of the sentence and the bracket around the address. */
const trimmed = (path: string) => path.replace(/[.,;:!?)*~$]+$/, '').replace(/\/+$/, '')
