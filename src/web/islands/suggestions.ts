// Reason to exist: titles, authors and categories while one types, as the combobox pattern of the ARIA guide has it.
// Without it the field is a search field like any other; Enter always searches for what was typed.

type Suggestion = { kind: string; text: string; path: string }

/** Typing goes on for this long before anybody is asked. */
const PAUSE_MS = 90

export function installSuggestions(): void {
  // Only where somebody begins to type does a page need any of it.
  for (const [n, input] of document
    .querySelectorAll<HTMLInputElement>('form:is(.open, .search) input[name=q]')
    .entries()) {
    input.setAttribute('role', 'combobox')
    input.setAttribute('aria-autocomplete', 'list')
    input.setAttribute('aria-expanded', 'false')
    // Only where somebody begins to type does a page need the rest.
    input.addEventListener('focus', () => install(input, `suggestions-${n}`), { once: true })
  }
}

function install(input: HTMLInputElement, id: string): void {
  const list = document.createElement('ul')
  list.id = id
  list.hidden = true
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', 'Suggestions')
  const status = document.createElement('span')
  status.className = 'unseen'
  status.setAttribute('role', 'status')
  input.form?.classList.add('suggests')
  input.form?.append(list, status)
  input.setAttribute('aria-controls', id)

  let shown: Suggestion[] = []
  let chosen = -1
  let timer = 0
  let asked = 0

  const show = (suggestions: Suggestion[]) => {
    shown = suggestions
    list.replaceChildren(...suggestions.map(option))
    list.hidden = suggestions.length === 0
    input.setAttribute('aria-expanded', String(!list.hidden))
    status.textContent = suggestions.length === 0 ? '' : `${suggestions.length} suggestions`
    choose(-1)
  }
  const option = ({ kind, text }: Suggestion, n: number) => {
    const item = document.createElement('li')
    item.id = `${id}-${n}`
    item.setAttribute('role', 'option')
    const label = document.createElement('span')
    label.textContent = text
    const what = document.createElement('small')
    what.textContent = kind
    item.append(label, what)
    // The field must keep the focus, or the list would be gone before the click arrives.
    item.addEventListener('pointerdown', (event) => event.preventDefault())
    item.addEventListener('click', () => open(n))
    return item
  }
  const choose = (n: number) => {
    chosen = n
    for (const [place, item] of [...list.children].entries()) item.setAttribute('aria-selected', String(place === n))
    if (n < 0) input.removeAttribute('aria-activedescendant')
    else input.setAttribute('aria-activedescendant', `${id}-${n}`)
  }
  const open = (n: number) => {
    const { path } = shown[n] as Suggestion
    show([])
    location.assign(path)
  }
  const ask = async () => {
    const mine = ++asked
    const typed = input.value
    if (typed.trim().length < 2) return show([])
    try {
      const answer = await fetch(`/papers/suggest?q=${encodeURIComponent(typed)}`)
      const suggestions = answer.ok ? ((await answer.json()) as Suggestion[]) : []
      // An answer that comes after a later question, or after the reader went on, is of no use.
      if (mine === asked && document.activeElement === input) show(suggestions)
    } catch {
      show([]) // offline: the field works without suggestions
    }
  }
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE_MS) as unknown as number
  })
  input.addEventListener('blur', () => {
    asked += 1
    clearTimeout(timer)
    show([])
  })
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || list.hidden) return
    if (event.key === 'ArrowDown') choose(chosen + 1 < shown.length ? chosen + 1 : -1)
    else if (event.key === 'ArrowUp') choose(chosen < 0 ? shown.length - 1 : chosen - 1)
    else if (event.key === 'Escape') show([])
    else if (event.key === 'Enter' && chosen >= 0) open(chosen)
    else return
    event.preventDefault()
  })
}
