import { AppError } from '../../errors.ts'
import {
  changeSettings,
  type InstanceSettingName,
  instanceSettingTable,
  isInstanceSetting,
  type SettingState,
  settingStates,
} from '../../people/index.ts'
import { adminPage } from '../parts/admin-frame.tsx'
import { CsrfField } from '../parts/csrf-field.tsx'
import { readForm } from '../read-form.ts'
import { redirect } from '../respond.tsx'
import type { CurrentSite, Page, Request } from '../site.ts'

/** `/admin/settings`: every setting with its one line of explanation. */
export const settingsPage: Page = (request, site) => showSettings(request, site)

/** `POST /admin/settings`: all that are different are changed, or none. An empty field goes back to the default. */
export const settingsAction: Page = async (request, site) => {
  const form = await readForm(request)
  const given = Object.entries(form).filter(
    (pair): pair is [InstanceSettingName, string] => isInstanceSetting(pair[0]) && typeof pair[1] === 'string',
  )
  const states = await settingStates(site.db, site.settingDefaults)
  const wanted: Partial<Record<InstanceSettingName, string | null>> = {}
  for (const [name, value] of given) {
    const state = states.find((one) => one.name === name)
    // What still shows the default was not set by anybody, and stays so.
    if (state && value.trim() !== state.text) wanted[name] = value.trim() === '' ? null : value
  }
  const viewer = request.get('viewer')
  if (!viewer) throw new AppError('not_signed_in', 'Sign in first.')
  try {
    const changed = await changeSettings(site.db, wanted, { actorId: viewer.personId, at: site.clock() })
    return redirect(`/admin/settings?done=${changed.length > 0 ? 'saved' : 'unchanged'}`, 303)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'bad_request') throw error
    return showSettings(request, site, { problem: error.message, given: Object.fromEntries(given) })
  }
}

type Refused = { problem: string; given: Record<string, string> }

async function showSettings(request: Request, site: CurrentSite, refused?: Refused): Promise<Response> {
  const states = await settingStates(site.db, site.settingDefaults)
  return adminPage(
    request,
    site,
    {
      title: 'Settings',
      intro: 'They hold at once, in every process, without a restart',
      path: '/admin/settings',
      status: refused ? 400 : 200,
    },
    <>
      {refused && (
        <p class="notice alarm" role="alert">
          {refused.problem}
        </p>
      )}
      <form class="settings" action="/admin/settings" method="post">
        <CsrfField request={request} site={site} />
        {states.map((state) => (
          <Field state={state} given={refused?.given[state.name]} />
        ))}
        <p>
          <button class="strong" type="submit">
            Save
          </button>
        </p>
      </form>
    </>,
  )
}

function Field({ state, given }: { state: SettingState; given?: string | undefined }) {
  const { name, text, isDefault } = state
  const { label, about, choices } = instanceSettingTable[name] as {
    label: string
    about: string
    choices?: Record<string, string>
  }
  const id = `setting-${name}`
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {choices ? (
        <select id={id} name={name} aria-describedby={`${id}-about`}>
          {Object.entries(choices).map(([value, words]) => (
            <option value={value} selected={value === (given ?? text)}>
              {words}
            </option>
          ))}
        </select>
      ) : (
        <input id={id} name={name} value={given ?? text} aria-describedby={`${id}-about`} autocomplete="off" />
      )}
      <p class="note" id={`${id}-about`}>
        {about} {isDefault ? 'This is the default.' : choices ? '' : 'Empty it to go back to the default.'}{' '}
        {!isDefault && <a href={`/admin/log?subject=setting:${name}`}>Who changed it</a>}
      </p>
    </div>
  )
}
