import { hookProviders, readHook, takeReturn } from '../../../digest/index.ts'
import { AppError } from '../../../errors.ts'
import type { Page } from '../../site.ts'

/** `POST /hooks/mail/PROVIDER`: bounces and complaints, told by a relay. Told again, they count once. */
export const mailHook: Page = async (request, site) => {
  const provider = hookProviders.find((name) => name === request.req.param('provider'))
  if (!provider || !site.digests) throw new AppError('not_found', 'There is no page at this address.')
  const now = site.clock()
  const call = { body: await request.req.text(), header: (name: string) => request.req.header(name), now }
  const reports = await readHook(provider, call, site.digests.hooks ?? {})
  for (const report of reports) await takeReturn(site.db, report, now)
  return Response.json({ taken: reports.length })
}
