/** The settings of a kind of source as fields of a form: names are those of the file. */
export type SourceField = {
  name: string
  label: string
  about: string
  placeholder?: string
  /** `lines`: one value a line. `choice`: one of a few. */
  type: 'text' | 'url' | 'date' | 'lines' | 'choice'
  choices?: readonly string[]
}

const address = (about: string, placeholder: string): SourceField => ({
  name: 'url',
  label: 'Address',
  about,
  placeholder,
  type: 'url',
})

/** What can be set for each kind here; the rest has its default, and the file of sources can set it. */
export const sourceFields: Readonly<Record<string, { label: string; fields: readonly SourceField[] }>> = {
  'daily-papers': { label: 'Daily Papers of Hugging Face', fields: [] },
  'oai-pmh': {
    label: 'A repository (OAI-PMH)',
    fields: [
      address('The base address of its OAI-PMH interface.', 'https://repository.example.org/oai'),
      { name: 'set', label: 'Set', about: 'Only this set; empty for all.', placeholder: 'theses', type: 'text' },
      { name: 'since', label: 'Since', about: 'Records changed from this day on; empty for all.', type: 'date' },
    ],
  },
  'acl-anthology': {
    label: 'ACL Anthology',
    fields: [
      {
        name: 'urls',
        label: 'Addresses',
        about: "A collection's .xml or a volume's .bib, one a line.",
        placeholder: 'https://aclanthology.org/volumes/2026.acl-long.bib',
        type: 'lines',
      },
    ],
  },
  biorxiv: {
    label: 'bioRxiv or medRxiv',
    fields: [
      { name: 'server', label: 'Server', about: 'Which of the two.', type: 'choice', choices: ['biorxiv', 'medrxiv'] },
    ],
  },
  openreview: {
    label: 'OpenReview',
    fields: [
      {
        name: 'venue',
        label: 'Venue',
        about: 'Its id at OpenReview.',
        placeholder: 'ICLR.cc/2026/Conference',
        type: 'text',
      },
    ],
  },
  feed: {
    label: 'A feed (RSS or Atom)',
    fields: [address('Of a journal, blog or group.', 'https://journal.example.org/rss.xml')],
  },
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** The object that the form of a source means, as the file would have it. Checking it is the room's work. */
export function sourceOfForm(form: Record<string, unknown>): Record<string, unknown> {
  const text = (name: string) => (typeof form[name] === 'string' ? (form[name] as string).trim() : '')
  const kind = text('kind')
  const own = (sourceFields[kind]?.fields ?? []).flatMap(({ name, type }): [string, unknown][] => {
    if (type === 'lines') return [[name, linesOf(text(name))]]
    return text(name) === '' ? [] : [[name, text(name)]]
  })
  const hours = Number(text('everyHours'))
  return {
    name: text('name'),
    kind,
    ...(text('title') === '' ? {} : { title: text('title') }),
    enabled: text('enabled') === 'yes',
    edition: text('edition') === 'yes',
    ...(text('everyHours') === '' ? {} : { everyHours: Number.isFinite(hours) ? hours : text('everyHours') }),
    filters: linesOf(text('filters')),
    ...Object.fromEntries(own),
  }
}

/** Categories in whatever way they were typed. */
export function categoriesOfText(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((one) => one !== ''))]
}

export { linesOf }
