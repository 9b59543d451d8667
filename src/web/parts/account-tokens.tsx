import type { Child } from 'hono/jsx'
import { tokenDays } from '../../people/index.ts'
import { OwnedList } from './account-sign-in.tsx'

type Token = {
  id: string
  name: string
  prefix: string
  scopes: string
  expires_at: string | null
  last_used_at: string | null
}
type Props = { csrf: Child; tokens: readonly Token[]; isAdmin: boolean; now: string }

const DEFAULT_DAYS = 90

/** Personal access tokens: for programs that act as this person. */
export function TokenSection({ csrf, tokens, isAdmin, now }: Props) {
  return (
    <section aria-labelledby="tokens-title">
      <h2 id="tokens-title">Access tokens</h2>
      <p>
        For your own programs: they send <code>Authorization: Bearer TOKEN</code> and act as you, as far as the token
        allows.
      </p>
      <OwnedList
        csrf={csrf}
        action="/account/tokens/revoke"
        verb="Revoke"
        rows={tokens.map((token) => ({
          id: token.id,
          name: token.name,
          detail: detailOf(token),
          ...(token.expires_at && token.expires_at <= now ? { mark: 'expired' } : {}),
        }))}
      />
      <form class="fields" action="/account/tokens" method="post">
        {csrf}
        <div>
          <label for="token-name">What it is for</label>
          <input id="token-name" name="name" required maxlength={60} autocomplete="off" />
        </div>
        <div>
          <label for="token-scope">It may</label>
          <select id="token-scope" name="scope">
            <option value="read">read</option>
            <option value="write">read and write</option>
            {isAdmin && <option value="admin">read, write and administer</option>}
          </select>
        </div>
        <div>
          <label for="token-days">It ends after</label>
          <select id="token-days" name="days">
            {tokenDays.map((days) => (
              <option value={String(days)} selected={days === DEFAULT_DAYS}>
                {days} days
              </option>
            ))}
          </select>
        </div>
        <button type="submit">Make a token</button>
      </form>
    </section>
  )
}

function detailOf({ prefix, scopes, expires_at, last_used_at }: Token): string {
  const use = last_used_at ? `last used ${last_used_at.slice(0, 10)}` : 'never used'
  return `${prefix}…, may ${scopes.split(' ').join(', ')}, ${use}, ends ${expires_at?.slice(0, 10)}`
}
