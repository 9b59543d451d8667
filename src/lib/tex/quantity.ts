const units: [RegExp, string][] = [
  [/\\percent/g, '%'],
  [/\\(?:degreeCelsius|celsius)/g, '°C'],
  [/\\degree/g, '°'],
  [/\\per/g, '/'],
  [/\\micro/g, 'µ'],
  [/\\milli/g, 'm'],
  [/\\kilo/g, 'k'],
  [/\\mega/g, 'M'],
  [/\\giga/g, 'G'],
  [/\\nano/g, 'n'],
  [/\\centi/g, 'c'],
  [/\\(?:metre|meter)/g, 'm'],
  [/\\seconds?/g, 's'],
  [/\\hertz/g, 'Hz'],
  [/\\watt/g, 'W'],
  [/\\volt/g, 'V'],
  [/\\gram/g, 'g'],
  [/\\electronvolt/g, 'eV'],
  [/\\kelvin/g, 'K'],
]

/** An amount and its unit of the siunitx package, as in `\SI{5}{\kilo\meter}`; undefined for units not in the table. */
export function quantity(amount: string, unit: string): string | undefined {
  if (!/^[\d.,+-]*$/.test(amount)) return undefined
  const written = units.reduce((text, [command, short]) => text.replace(command, short), unit)
  if (/[\\{}$]/.test(written)) return undefined
  return `${amount}${amount === '' ? '' : '\u00a0'}${written.replaceAll(' ', '')}`
}
