// Reason to exist: a passkey is a conversation between the page's script and the device; there is no form for it.

/** Shows the ways that need this script, where the browser knows passkeys. */
export function installPasskeys(): void {
  if (!window.PublicKeyCredential) return
  const ways = document.querySelector<HTMLElement>('[data-passkey-sign-in]')
  const button = ways?.querySelector<HTMLButtonElement>(':scope > button')
  const status = ways?.querySelector<HTMLElement>('[role="status"]')
  if (ways && button && status) {
    button.hidden = false
    button.addEventListener('click', () => during(button, status, () => signIn(ways.dataset.passkeySignIn ?? '/')))
  }
  const form = document.querySelector<HTMLFormElement>('form[data-add-passkey]')
  const note = document.querySelector<HTMLElement>('[data-passkey-status]')
  const submit = form?.querySelector('button')
  if (form && note && submit) {
    form.hidden = false
    note.textContent = ''
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      void during(submit, note, () => add(new FormData(form)))
    })
  }
}

async function during(button: HTMLButtonElement, status: HTMLElement, work: () => Promise<void>): Promise<void> {
  button.disabled = true
  status.textContent = 'Your device asks you now.'
  try {
    await work()
  } catch (error) {
    // The device says no more than this when somebody closes its window, on purpose or not.
    const isCancelled = error instanceof DOMException && error.name === 'NotAllowedError'
    status.textContent = isCancelled ? 'Nothing happened: the device was not used.' : (error as Error).message
  }
  button.disabled = false
}

async function signIn(back: string): Promise<void> {
  const options = await send('/sign-in/passkey/options', {})
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge as string),
    allowCredentials: credentials(options.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential
  await send('/sign-in/passkey', { response: asJson(credential) })
  location.assign(back)
}

async function add(form: FormData): Promise<void> {
  const csrf = String(form.get('csrf'))
  const options = await send('/account/passkeys/options', {}, csrf)
  const user = options.user as { id: string }
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge as string),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: credentials(options.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions
  const credential = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential
  await send('/account/passkeys', { name: form.get('name'), response: asJson(credential) }, csrf)
  location.assign('/account')
}

async function send(path: string, body: unknown, csrf?: string): Promise<Record<string, unknown>> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(csrf ? { 'x-csrf-token': csrf } : {}) },
    body: JSON.stringify(body),
  })
  const isJson = answer.headers.get('content-type')?.startsWith('application/json')
  const content = isJson ? ((await answer.json()) as Record<string, unknown>) : {}
  if (answer.ok) return content
  throw new Error(
    String(content.message ?? (answer.status === 401 ? 'Sign in again first.' : 'That did not work. Try again.')),
  )
}

type Descriptor = { id: string }

const credentials = (list: unknown) =>
  (list as Descriptor[] | undefined)?.map((one) => ({ ...one, id: bytes(one.id) })) ?? []

/** A credential as JSON. Browsers have a method for it by now, but not yet every one that knows passkeys. */
function asJson(credential: PublicKeyCredential): unknown {
  const { response } = credential
  const clientDataJSON = text(response.clientDataJSON)
  return {
    id: credential.id,
    rawId: credential.id,
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON, ...('attestationObject' in response ? created(response) : signed(response)) },
  }
}

function created(response: AuthenticatorResponse) {
  const { attestationObject, getTransports } = response as AuthenticatorAttestationResponse
  return { attestationObject: text(attestationObject), transports: getTransports?.call(response) ?? [] }
}

function signed(response: AuthenticatorResponse) {
  const { authenticatorData, signature, userHandle } = response as AuthenticatorAssertionResponse
  return {
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    ...(userHandle ? { userHandle: text(userHandle) } : {}),
  }
}

const bytes = (base64url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))

const text = (buffer: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
