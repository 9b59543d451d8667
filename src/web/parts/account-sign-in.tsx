import type { Child } from 'hono/jsx'
import { MAX_NAME_CHARACTERS } from '../../people/index.ts'
import type { Site } from '../site.ts'

type Csrf = { csrf: Child }

export function NameSection({ csrf, name }: Csrf & { name: string }) {
  return (
    <section aria-labelledby="name-title">
      <h2 id="name-title">Name</h2>
      <form class="line" action="/account/name" method="post">
        {csrf}
        <label for="name">Shown beside your upvotes and submissions</label>
        <input id="name" name="name" required maxlength={MAX_NAME_CHARACTERS} value={name} autocomplete="name" />
        <button type="submit">Change name</button>
      </form>
    </section>
  )
}

export function AddressSection({ csrf, email, isMailSent }: Csrf & { email: string | null; isMailSent: boolean }) {
  return (
    <section aria-labelledby="address-title">
      <h2 id="address-title">E-mail address</h2>
      <p>
        {email ?? 'None: you sign in with another site or a passkey.'}{' '}
        {email && <span class="note">Shown to nobody.</span>}
      </p>
      <form class="line" action="/account/address" method="post">
        {csrf}
        <label for="new-address">{email ? 'New address' : 'Add an address'}</label>
        <input id="new-address" name="email" type="email" required maxlength={254} autocomplete="email" />
        <button type="submit">Send a link to it</button>
      </form>
      {!isMailSent && <p class="note">Mail is not set up here: the link goes into the log of the program.</p>}
    </section>
  )
}

type Passkey = { id: string; name: string | null; created_at: string; backed_up: number }

export function PasskeySection({ csrf, passkeys }: Csrf & { passkeys: readonly Passkey[] }) {
  return (
    <section aria-labelledby="passkeys-title">
      <h2 id="passkeys-title">Passkeys</h2>
      <p>Sign in with the lock of your device: nothing to remember, and nothing that can be stolen from here.</p>
      <OwnedList
        csrf={csrf}
        action="/account/passkeys/remove"
        verb="Remove"
        rows={passkeys.map(({ id, name, created_at, backed_up }) => ({
          id,
          name: name ?? 'Passkey',
          detail: `added ${created_at.slice(0, 10)}${backed_up ? ', kept by your password manager' : ''}`,
        }))}
      />
      <form class="line" data-add-passkey="" hidden>
        {csrf}
        <label for="passkey-name">Name of the device</label>
        <input id="passkey-name" name="name" required maxlength={60} autocomplete="off" />
        <button type="submit">Add a passkey</button>
      </form>
      <p class="note" role="status" data-passkey-status="">
        Adding one needs script, and a browser that knows passkeys.
      </p>
    </section>
  )
}

type Identity = { id: string; provider: string; subject: string; created_at: string }

export function IdentitySection({
  csrf,
  identities,
  providers,
}: Csrf & { identities: readonly Identity[]; providers: Site['accounts']['providers'] }) {
  if (identities.length === 0 && providers.length === 0) return null
  const label = (name: string) => providers.find((one) => one.name === name)?.label ?? name
  const missing = providers.filter(({ name }) => !identities.some((identity) => identity.provider === name))
  return (
    <section aria-labelledby="identities-title">
      <h2 id="identities-title">Other sites</h2>
      <OwnedList
        csrf={csrf}
        action="/account/identities/remove"
        verb="Remove"
        rows={identities.map(({ id, provider, subject, created_at }) => ({
          id,
          name: label(provider),
          detail: `${subject}, since ${created_at.slice(0, 10)}`,
        }))}
      />
      <div class="buttons">
        {missing.map(({ name, label }) => (
          <form action={`/account/identities/${name}`} method="post">
            {csrf}
            <button type="submit">Add {label}</button>
          </form>
        ))}
      </div>
    </section>
  )
}

type Row = { id: string; name: string; detail: string; mark?: string }

/** Things of one person, each with its own way to end it. The name is in the button for those who hear it alone. */
export function OwnedList({ csrf, action, verb, rows }: Csrf & { action: string; verb: string; rows: readonly Row[] }) {
  if (rows.length === 0) return null
  return (
    <ul class="owned">
      {rows.map(({ id, name, detail, mark }) => (
        <li>
          <div>
            <strong>{name}</strong> {mark && <span class="mark">{mark}</span>}
            <div class="note">{detail}</div>
          </div>
          <form action={action} method="post">
            {csrf}
            <input type="hidden" name="id" value={id} />
            <button type="submit">
              {verb}
              <span class="unseen"> {name}</span>
            </button>
          </form>
        </li>
      ))}
    </ul>
  )
}
