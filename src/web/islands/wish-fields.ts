// Reason to exist: who types into a field means the line it stands in; without script the line is marked by hand.

export function installWishFields(): void {
  for (const field of document.querySelectorAll<HTMLInputElement>('.want input:not([type="radio"])')) {
    field.addEventListener('input', () => {
      const mark = field.closest('.want')?.querySelector<HTMLInputElement>('input[type="radio"]')
      if (mark && field.value !== '') mark.checked = true
    })
  }
}
