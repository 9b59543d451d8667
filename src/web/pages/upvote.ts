import { castVote } from '../../discussion/index.ts'
import { AppError } from '../../errors.ts'
import { hotness } from '../../feed/index.ts'
import { paperIdOf, parsePublicId, publicId } from '../../papers/index.ts'
import { refererPath } from '../back-path.ts'
import { paperAnchor } from '../parts/vote-button.tsx'
import { readForm, textField } from '../read-form.ts'
import { redirect, wantsJson } from '../respond.tsx'
import type { Page } from '../site.ts'

/**
 * `POST /papers/upvote`: `paper=ID` upvotes, `withdraw=ID` takes it back; saying the same twice changes nothing. A form
 * comes back to the paper's place on the page it was sent from; an island gets the new count.
 */
export const upvoteAction: Page = async (request, site) => {
  const viewer = request.get('viewer')
  if (!viewer) throw new AppError('not_signed_in', 'Sign in to upvote papers.')
  const form = await readForm(request)
  const wanted = textField(form, 'withdraw') ? 'none' : 'up'
  const text = textField(form, wanted === 'up' ? 'paper' : 'withdraw')
  const identifier = parsePublicId(text)?.identifier
  if (!identifier)
    throw new AppError('bad_identifier', `"${text.slice(0, 80)}" is no paper id. Send the id of a paper as "paper".`)
  const paperId = await paperIdOf(site.db, identifier)
  if (paperId === undefined)
    throw new AppError('paper_not_found', `${publicId(identifier)} is not stored here, so it cannot be upvoted.`)
  const address = request.get('address')
  const vote = { paperId, personId: viewer.personId, at: site.clock() }
  const network = address ? site.networkHash(address) : undefined
  const { upvotes } = await castVote(site.db, { ...vote, network }, wanted, hotness)
  if (wantsJson(request)) return request.json({ upvotes, voted: wanted === 'up', counts: viewer.isConfirmed })
  return redirect(`${refererPath(request)}#${encodeURIComponent(paperAnchor(text))}`, 303)
}
