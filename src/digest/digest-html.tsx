import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { MailPaper } from './mail-paper.ts'
import {
  authorsShown,
  categoriesShown,
  countLine,
  type DigestContent,
  type Entry,
  headingOf,
  moreLine,
  noticesOf,
  ownLinks,
  previewOf,
  votesLine,
  whyYouGetThis,
} from './mail-words.ts'

// Tables and inline styles, because mail programs know little else; the sheet in the head, which some throw away, only
// adds the dark colours and narrower margins. No picture, no font, nothing from another host: it reads the same with
// images off, and tells nobody that it was read.

const serif = "Georgia,'Times New Roman',serif"
const sans = '-apple-system,Segoe UI,Roboto,Arial,sans-serif'
const paper = '#faf8f3'
const ink = '#1b1a17'
const soft = '#5a554b'
const line = '#ddd6c6'
const accent = '#96290f'

const small = `color:${soft};font-size:13px;line-height:20px`
const row = `padding:18px 0;border-top:1px solid ${line}`

const sheet = `body{margin:0;padding:0;background:${paper}}.s a{color:${soft}}@media (prefers-color-scheme:dark){body,.bg{background:#161511!important}.ink,.t{color:#ece7dc!important}.s,.s a{color:#aea798!important}.a,.v{color:#ffa088!important}.p,.n{border-color:#39352c!important}.n{background:#28251e!important}.h{border-color:#ffa088!important}.b{background:#ffa088!important;color:#161511!important}}@media (max-width:480px){.pad{padding:14px!important}}`

/** The HTML part. `notShown` papers were left out to keep the mail short enough for Gmail, which cuts at 102 kB. */
export function digestHtml(content: DigestContent, notShown = 0): string {
  const { site, entries, links } = content
  const notices = noticesOf(content)
  const categories = categoriesShown(content)
  const more = moreLine(content, notShown)
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{headingOf(content)}</title>
        <style>{raw(sheet)}</style>
      </head>
      <body style={`margin:0;padding:0;background:${paper}`}>
        <div style="display:none;max-height:0;overflow:hidden">{previewOf(content)}</div>
        <table
          role="presentation"
          class="bg"
          width="100%"
          cellpadding="0"
          cellspacing="0"
          style={`background:${paper}`}
        >
          <tr>
            <td align="center" class="pad" style="padding:24px">
              <table
                role="presentation"
                class="ink"
                width="100%"
                cellpadding="0"
                cellspacing="0"
                style={`max-width:640px;text-align:left;font:15px/22px ${sans};color:${ink}`}
              >
                <tr>
                  <td class="h" style={`padding:16px 0 18px;border-top:4px solid ${accent}`}>
                    <a
                      class="a"
                      href={site.baseUrl}
                      style={`font:bold 15px/22px ${serif};color:${accent};text-decoration:none`}
                    >
                      {site.name}
                    </a>
                    <h1 class="ink" style={`margin:2px 0 6px;font:bold 27px/33px ${serif};color:${ink}`}>
                      {headingOf(content)}
                    </h1>
                    <div class="s" style={small}>
                      {countLine(content)} · <SoftLink href={links.web}>Read on the site</SoftLink>
                      {ownLinks(content).map(({ label, url }) => (
                        <>
                          {' · '}
                          <SoftLink href={url}>{label}</SoftLink>
                        </>
                      ))}
                    </div>
                  </td>
                </tr>
                {notices.map((notice) => (
                  <tr>
                    <td class="n" style={`padding:12px 14px;border:1px solid ${line};background:#f1ebdd`}>
                      {notice}
                    </td>
                  </tr>
                ))}
                {raw(entries.map((entry, index) => entryHtml(entry, index + 1, content)).join(''))}
                {more && (
                  <tr>
                    <td class="p" style={row}>
                      <a
                        class="b"
                        href={links.web}
                        style={`display:inline-block;padding:9px 16px;border-radius:4px;background:${accent};color:#fffdf8;font-weight:bold;text-decoration:none`}
                      >
                        {more}
                      </a>
                    </td>
                  </tr>
                )}
                {categories.length > 0 && (
                  <tr>
                    <td class="p s" style={`${row};${small}`}>
                      The whole edition by category:{' '}
                      {categories.map(([category, count], index) => (
                        <>
                          {index > 0 && ', '}
                          <SoftLink href={`${site.baseUrl}/categories/${category}`}>{category}</SoftLink>&nbsp;{count}
                        </>
                      ))}
                    </td>
                  </tr>
                )}
                <tr>
                  <td class="p s" style={`${row};${small}`}>
                    {whyYouGetThis(content)}
                    <br />
                    {ownLinks(content, 'long').map(({ label, url }) => (
                      <>
                        <SoftLink href={url}>{label}</SoftLink>
                        {' · '}
                      </>
                    ))}
                    <SoftLink href={links.help}>About the mail</SoftLink>
                    {site.contact && (
                      <>
                        {' · '}
                        <SoftLink href={`mailto:${site.contact}`}>{site.contact}</SoftLink>
                      </>
                    )}
                    <br />
                    This mail holds no pictures and does not tell us whether you read it.
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>
  )
  return `<!doctype html>${page}`
}

/** Mail programs paint links blue unless each is told not to. */
const SoftLink = ({ href, children }: { href: string; children?: Child }) => (
  <a href={href} style={`color:${soft}`}>
    {children}
  </a>
)

const keptRows = new WeakMap<MailPaper, Map<string, string>>()

/** Most readers of an issue get the same rows: made once, and kept as long as the papers are. */
function entryHtml(entry: Entry, place: number, content: DigestContent): string {
  const followed = entry.paper.authors.filter(({ key }) => content.followed.has(key)).map(({ key }) => key)
  const variant = `${place}|${entry.why}|${followed.join()}|${content.site.baseUrl}`
  const rows = keptRows.get(entry.paper) ?? new Map<string, string>()
  let html = rows.get(variant)
  if (html === undefined) {
    html = String(<EntryRow entry={entry} place={place} content={content} />)
    if (rows.size < VARIANTS_KEPT) keptRows.set(entry.paper, rows.set(variant, html))
  }
  return html
}

/** A paper stands at this many places of different readers' mails before its rows are made anew each time. */
const VARIANTS_KEPT = 60

function EntryRow({ entry, place, content }: { entry: Entry; place: number; content: DigestContent }) {
  const { paper, why } = entry
  const { names, more } = authorsShown(paper, content.followed)
  const votes = votesLine(paper)
  const facts: Child[] = [
    ...(votes
      ? [
          <b class="v" style={`color:${accent}`}>
            {votes}
          </b>,
        ]
      : []),
    ...(paper.elsewhere ?? []),
    ...(paper.categories.length > 0 ? [paper.categories.join(', ')] : []),
    ...(paper.mark ? [paper.mark] : []),
    // Coloured by the sheet: there are many of them, and they cost.
    ...paper.links.map(({ label, url }) => <a href={url}>{label}</a>),
  ]
  return (
    <tr>
      <td class="p" style={row}>
        <a
          class="t"
          href={content.site.baseUrl + paper.path}
          style={`font:bold 18px/24px ${serif};color:${ink};text-decoration:none`}
        >
          {place}. {paper.title}
        </a>
        <div class="s" style={`${small};padding:3px 0`}>
          {names.length === 0
            ? 'Authors not known yet'
            : names.map(({ name, isFollowed }, index) => (
                <>
                  {index > 0 && ', '}
                  {isFollowed ? (
                    <b class="ink" style={`color:${ink}`}>
                      ★&nbsp;{name}
                    </b>
                  ) : (
                    name
                  )}
                </>
              ))}
          {names.length > 0 && more > 0 && ` and ${more} more`}
        </div>
        {paper.summary}
        <div class="s" style={`${small};padding-top:5px`}>
          {facts.map((fact, index) => (
            <>
              {index > 0 && ' · '}
              {fact}
            </>
          ))}
          {facts.length > 0 && <br />}
          <i>{why}</i>
        </div>
      </td>
    </tr>
  )
}
