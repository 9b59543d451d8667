import { raw } from 'hono/html'
import type { Viewer } from '../../people/index.ts'
import type { Site, Theme } from '../site.ts'
import { logoSvg } from '../social-card/logo.ts'
import { createKeptPart, narrowHtml } from './kept-part.ts'

const sections = [
  { name: 'day', label: 'Daily', path: '/' },
  { name: 'week', label: 'Weekly', path: '/papers/week' },
  { name: 'month', label: 'Monthly', path: '/papers/month' },
  { name: 'trending', label: 'Trending', path: '/papers/trending' },
  { name: 'submit', label: 'Submit', path: '/papers/submit' },
] as const

const themes: { theme: Theme; label: string; sign: string }[] = [
  { theme: 'auto', label: 'Theme of the system', sign: '◐' },
  { theme: 'light', label: 'Light theme', sign: '☀' },
  { theme: 'dark', label: 'Dark theme', sign: '☾' },
]

type MastheadProps = { site: Site; section?: string; theme: Theme; viewer?: Viewer | undefined }

/** The same on every page of a section in a theme, but for the place of the person. */
const keptMasthead = createKeptPart(
  ({ site, section, theme }: MastheadProps) => `${site.config.name} ${section} ${theme}`,
  (props: MastheadProps) => <MastheadParts {...props} />,
)
const PERSON_PLACE = '<!--person-->'

export function Masthead(props: MastheadProps) {
  const [before = '', after = ''] = String(keptMasthead(props)).split(PERSON_PLACE)
  return (
    <>
      {raw(before)}
      <Person viewer={props.viewer} />
      {raw(after)}
    </>
  )
}

/** Who is signed in, or the way in. */
function Person({ viewer }: { viewer: Viewer | undefined }) {
  if (!viewer) return <a href="/sign-in">Sign in</a>
  return (
    <a href="/account" title="Your account">
      {raw(narrowHtml(String(<span>{viewer.name}</span>)))}
    </a>
  )
}

function MastheadParts({ site, section, theme }: MastheadProps) {
  return (
    <header class="masthead">
      <div class="bar">
        <a class="brand" href="/">
          {raw(logoSvg('currentColor'))}
          <span>{site.config.name}</span>
        </a>
        <nav aria-label="Editions">
          {sections.map(({ name, label, path }) => (
            <a href={path} aria-current={name === section ? 'page' : undefined}>
              {label}
            </a>
          ))}
        </nav>
        <search>
          <form class="open" action="/papers" method="get">
            <input
              name="q"
              type="text"
              maxlength={2000}
              placeholder="Search papers"
              aria-label="Search papers, or open one by its arXiv id or link"
              autocomplete="off"
              spellcheck={false}
              enterkeyhint="search"
              dir="auto"
            />
            <button type="submit">Search</button>
          </form>
        </search>

        <div class="person">{raw(PERSON_PLACE)}</div>
        <form class="themes" action="/appearance" method="post" aria-label="Appearance">
          {themes.map((one) => (
            <button
              type="submit"
              name="theme"
              value={one.theme}
              title={one.label}
              aria-label={one.label}
              aria-pressed={one.theme === theme ? 'true' : 'false'}
            >
              {one.sign}
            </button>
          ))}
        </form>
      </div>
    </header>
  )
}
