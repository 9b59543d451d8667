/** What somebody may do: read and vote, edit the edition, run the site. Each includes the ones before it. */
export const roles = ['reader', 'editor', 'admin'] as const
export type Role = (typeof roles)[number]

/** Who is looking: the person behind a session or a token. Nobody signed in is `undefined`, never a viewer. */
export type Viewer = {
  personId: string
  name: string
  role: Role
  /** The address was proved; before that, votes wait. */
  isConfirmed: boolean
  /** A token may be allowed less than its person. */
  scopes: readonly ('read' | 'write' | 'admin')[]
}

/** Whether a role reaches at least another. */
export const reaches = (role: Role, wanted: Role): boolean => roles.indexOf(role) >= roles.indexOf(wanted)
