// Reason to exist: j and k walk through the papers, / goes to the field in the header, ? explains.

const help: [string, string][] = [
  ['j', 'next paper'],
  ['k', 'previous paper'],
  ['Enter', 'open the paper'],
  ['/', 'search, or open a paper by id or link'],
  ['?', 'this help'],
]

export function installKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    if (event.key === 'j') step(1)
    else if (event.key === 'k') step(-1)
    else if (event.key === '/') document.querySelector<HTMLInputElement>('form.open input')?.focus()
    else if (event.key === '?') showHelp()
    else return
    event.preventDefault()
  })
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** Moves the focus to the next or previous title: Enter then opens it, as any focused link. */
function step(direction: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>(':is(.card, .result) .title a')]
  const current = links.findIndex((link) => link.closest('li')?.contains(document.activeElement))
  const next = links[current < 0 ? (direction === 1 ? 0 : -1) : current + direction]
  next?.focus({ preventScroll: true })
  next?.closest('li')?.scrollIntoView({ block: 'nearest' })
}

function showHelp(): void {
  let dialog = document.querySelector<HTMLDialogElement>('dialog.keys')
  if (!dialog) {
    dialog = document.createElement('dialog')
    dialog.className = 'keys'
    dialog.setAttribute('aria-labelledby', 'keys-title')
    const title = document.createElement('h2')
    title.id = 'keys-title'
    title.textContent = 'Keys'
    const list = document.createElement('dl')
    for (const [key, meaning] of help) {
      const term = document.createElement('dt')
      const sign = document.createElement('kbd')
      sign.textContent = key
      term.append(sign)
      const description = document.createElement('dd')
      description.textContent = meaning
      list.append(term, description)
    }
    const form = document.createElement('form')
    form.method = 'dialog'
    const close = document.createElement('button')
    close.textContent = 'Close'
    form.append(close)
    dialog.append(title, list, form)
    document.body.append(dialog)
  }
  if (!dialog.open) dialog.showModal()
}
