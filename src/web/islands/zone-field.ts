// Reason to exist: only the browser knows the reader's time zone; without it the form has the zone of the site.

export function installZoneFields(): void {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  if (!timeZone) return
  for (const field of document.querySelectorAll<HTMLInputElement>('input[name="zone"][data-guess]')) {
    field.value = timeZone
  }
}
