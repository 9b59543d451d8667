import type { Child } from 'hono/jsx'

/** Something to know before going on; `alarm` when it went wrong. */
export function Notice({ kind, children }: { kind?: 'alarm'; children?: Child }) {
  return (
    <div class={kind ? `notice ${kind}` : 'notice'} role={kind === 'alarm' ? 'alert' : undefined}>
      <p>{children}</p>
    </div>
  )
}
