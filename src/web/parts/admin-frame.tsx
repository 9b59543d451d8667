import type { Child } from 'hono/jsx'
import { type Role, reaches } from '../../people/index.ts'
import { Layout } from '../layout.tsx'
import { sendHtml } from '../respond.tsx'
import type { CurrentSite, Request } from '../site.ts'

/** The pages behind the site, and the role each asks for. */
export const adminPages: { path: string; label: string; about: string; role: Role }[] = [
  { path: '/admin/settings', label: 'Settings', about: 'Name, editor, and the rules of submitting', role: 'admin' },
  { path: '/admin/sources', label: 'Sources', about: 'What is gathered, from where, how often', role: 'admin' },
  { path: '/admin/people', label: 'People', about: 'Who is here, roles, suspensions', role: 'admin' },
  { path: '/admin/invites', label: 'Invitations', about: 'Links that let somebody sign up', role: 'admin' },
  { path: '/admin/votes', label: 'Votes', about: 'Groups of accounts that vote together', role: 'editor' },
  { path: '/admin/claims', label: 'Claims', about: 'People who say to be authors of papers', role: 'editor' },
  {
    path: '/admin/digests',
    label: 'Digests',
    about: 'What went out by mail, pausing it, suppressed addresses',
    role: 'admin',
  },
  { path: '/admin/jobs', label: 'Jobs', about: 'What runs by itself, and whether it did', role: 'admin' },
  { path: '/admin/log', label: 'Log', about: 'Who changed what, and undoing it', role: 'editor' },
]

type Head = {
  title: string
  intro: Child
  /** The path of this page among `adminPages`. */
  path: string
  status?: Parameters<typeof sendHtml>[2]
}

/** The way to the other pages for editors and administrators, as far as this person may go. */
export function AdminNav({ request, path }: { request: Request; path: string }) {
  const role = request.get('viewer')?.role ?? 'reader'
  return (
    <nav class="admin-nav" aria-label="Administration">
      {adminPages
        .filter((page) => reaches(role, page.role))
        .map((page) => (
          <a href={page.path} aria-current={page.path === path ? 'page' : undefined}>
            {page.label}
          </a>
        ))}
    </nav>
  )
}

/** A page for editors and administrators: its title, the way to the others, and what the last form led to. */
export function adminPage(
  request: Request,
  site: CurrentSite,
  { title, intro, path, status }: Head,
  children: Child,
): Promise<Response> {
  const page = (
    <Layout site={site} request={request} title={title} noindex>
      <AdminNav request={request} path={path} />
      <div class="lead">
        <div>
          <h1>{title}</h1>
          <p class="by-line">{intro}</p>
        </div>
      </div>
      <Saved request={request} />
      {children}
    </Layout>
  )
  return sendHtml(request, String(page), status)
}

const notes: Record<string, string> = {
  saved: 'Saved. It holds from now on, on every page.',
  unchanged: 'Nothing was different, so nothing was changed.',
  undone: 'Taken back. The log has a new line about it.',
  asked: 'It is asked as soon as a worker is free; its state below follows.',
  removed: 'Removed. Papers that came from it stay.',
  flowing: 'Digests go on. What is due goes out as soon as a worker is free.',
  released: 'Mail goes to this address again.',
  again: 'Those that can be are tried again as soon as a worker is free.',
  'none-again': 'There was nothing to try again: what was refused is too late by now, or suppressed.',
  started: 'The job is in the queue and starts as soon as a worker is free.',
}

function Saved({ request }: { request: Request }) {
  const note = notes[request.req.query('done') ?? '']
  if (!note) return null
  return (
    <p class="notice" role="status">
      {note}
    </p>
  )
}
