// Reason to exist: without it the theme changes by a form and a reload; with it at once.

export function installThemeSwitch(): void {
  const form = document.querySelector<HTMLFormElement>('form.themes')
  form?.addEventListener('submit', (event) => {
    const button = (event as SubmitEvent).submitter as HTMLButtonElement | null
    if (!button) return
    event.preventDefault()
    show(button.value)
    for (const one of form.querySelectorAll('button')) one.setAttribute('aria-pressed', String(one === button))
    const body = new URLSearchParams({ theme: button.value })
    // The answer is a redirect to a page we already show; a failure only means that the next page has the old theme.
    fetch(form.action, { method: 'POST', body, redirect: 'manual' }).catch(() => {})
  })
}

function show(theme: string): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}
