// Reason to exist: where the site asks for it, a browser proves with a little work that it is no robot sending thousands.

type Parameters = { nonce: string; salt: string; cost: number; keyLength: number; keyPrefix: string }
type Challenge = { parameters: Parameters; signature: string }

/** Begins when somebody starts to type, so that mostly nobody waits for it. */
export function installWork(): void {
  const field = document.querySelector<HTMLInputElement>('input[data-work]')
  const form = field?.form
  if (!field?.dataset.work || !form || !window.crypto?.subtle) return
  const challenge = JSON.parse(field.dataset.work) as Challenge
  const status = form.querySelector<HTMLElement>('[role="status"]')
  let working: Promise<void> | undefined
  const begin = () => {
    working ??= solve(challenge.parameters).then((solution) => {
      field.value = JSON.stringify({ challenge, solution })
    })
    return working
  }
  form.addEventListener('input', () => void begin(), { once: true })
  form.addEventListener('submit', (event) => {
    if (field.value) return
    event.preventDefault()
    if (status) status.textContent = 'One moment: your browser shows that it is no robot.'
    begin().then(
      () => form.requestSubmit(),
      // Without it the form still works, as it does without script.
      () => form.submit(),
    )
  })
}

/** The same steps as altcha's own: the counter follows the nonce, and the derived key must begin with the prefix. */
async function solve({ nonce, salt, cost, keyLength, keyPrefix }: Parameters) {
  const started = performance.now()
  const nonceBytes = fromHex(nonce)
  const password = new Uint8Array(nonceBytes.length + 4)
  password.set(nonceBytes)
  const view = new DataView(password.buffer)
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt: fromHex(salt), iterations: cost }
  for (let counter = 0; counter <= 0xffffffff; counter++) {
    view.setUint32(nonceBytes.length, counter)
    const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits'])
    const derivedKey = toHex(new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, keyLength * 8)))
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey, time: Math.round(performance.now() - started) }
  }
  throw new Error('no solution')
}

const fromHex = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
