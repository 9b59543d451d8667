import { callSite } from '../digest/index.ts'
import { type InstanceSettings, instanceSettings } from '../people/index.ts'
import type { CurrentSite, Request, Site } from './site.ts'

let last: { site: Site; settings: InstanceSettings; current: CurrentSite } | undefined

/** The site with its settings of this moment: what an administrator changes is seen by the next request. */
export async function currentSite(site: Site): Promise<CurrentSite> {
  const settings = await instanceSettings(site.db, site.settingDefaults)
  if (last?.site === site && last.settings === settings) return last.current
  const config = { ...site.config, name: settings.name, editor: settings.editor }
  const digests = site.digests && callSite(site.digests, settings.name)
  const current = { ...site, config, settings, digests }
  last = { site, settings, current }
  return current
}

/** The site of a request; where it failed before its settings were read, as the configuration has it. */
export function currentOf(request: Request, site: Site): CurrentSite {
  return request.get('site') ?? (site as CurrentSite)
}
