import { reaches } from '../../people/index.ts'
import { adminPage, adminPages } from '../parts/admin-frame.tsx'
import type { Page } from '../site.ts'

/** `/admin`: what there is to do behind the site, for this role. */
export const adminIndex: Page = (request, site) => {
  const role = request.get('viewer')?.role ?? 'reader'
  return adminPage(
    request,
    site,
    { title: 'Administration', intro: 'Every change here has a name and a time, and can be undone', path: '/admin' },
    <ul class="admin-list">
      {adminPages
        .filter((page) => reaches(role, page.role))
        .map((page) => (
          <li>
            <a href={page.path}>{page.label}</a>
            <p>{page.about}</p>
          </li>
        ))}
    </ul>,
  )
}
