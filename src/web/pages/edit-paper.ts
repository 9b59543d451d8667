import { AppError } from '../../errors.ts'
import { pickPaper, placePaper, removePaper } from '../../feed/index.ts'
import { type PaperId, paperIdOf, paperPath, parsePublicId } from '../../papers/index.ts'
import { claimPaper, type Viewer } from '../../people/index.ts'
import { readForm, textField } from '../read-form.ts'
import { redirect } from '../respond.tsx'
import type { CurrentSite, Page, Request } from '../site.ts'

type Form = Record<string, unknown>
type Named = { paperId: PaperId; path: `/${string}`; form: Form; viewer: Viewer }

/** `POST /papers/pick`: `wanted=picked` or `none`. */
export const pickAction: Page = async (request, site) => {
  const { paperId, path, form, viewer } = await namedPaper(request, site)
  const wanted = textField(form, 'wanted') === 'none' ? 'none' : 'picked'
  await pickPaper(site.db, paperId, wanted, { actorId: viewer.personId, at: site.clock() })
  return redirect(path, 303)
}

/** `POST /papers/place`: `day=YYYY-MM-DD`, of today or a recent day. */
export const placeAction: Page = async (request, site) => {
  const { paperId, path, form, viewer } = await namedPaper(request, site)
  await placePaper(site.db, paperId, textField(form, 'day'), { actorId: viewer.personId, at: site.clock() })
  return redirect(path, 303)
}

/** `POST /papers/unlist`: takes a paper out of its edition, with a `reason`. */
export const unlistAction: Page = async (request, site) => {
  const { paperId, path, form, viewer } = await namedPaper(request, site)
  const reason = textField(form, 'reason').slice(0, 300)
  await removePaper(site.db, paperId, { actorId: viewer.personId, at: site.clock(), reason })
  return redirect(path, 303)
}

/** `POST /papers/claim`: somebody says to be an author of a paper. */
export const claimAction: Page = async (request, site) => {
  const { paperId, path, viewer } = await namedPaper(request, site)
  await claimPaper(site.db, { personId: viewer.personId, paperId, at: site.clock() })
  return redirect(path, 303)
}

/** The paper that a form names, and who sends it. */
async function namedPaper(request: Request, site: CurrentSite): Promise<Named> {
  const viewer = request.get('viewer')
  if (!viewer) throw new AppError('not_signed_in', 'Sign in first.')
  const form = await readForm(request)
  const text = textField(form, 'paper')
  const identifier = parsePublicId(text)?.identifier
  if (!identifier) throw new AppError('bad_identifier', `"${text.slice(0, 80)}" is no paper id.`)
  const paperId = await paperIdOf(site.db, identifier)
  if (paperId === undefined) throw new AppError('paper_not_found', 'This paper is not stored here.')
  return { paperId, path: paperPath(identifier) as `/${string}`, form, viewer }
}
