import { raw } from 'hono/html'
import type { MailPaper } from './mail-paper.ts'
import {
  authorsShown,
  categoriesShown,
  countLine,
  type DigestContent,
  type Entry,
  headingOf,
  partialNotice,
  previewOf,
  votesLine,
  whyYouGetThis,
} from './mail-words.ts'

// Tables and inline styles, because mail programs know little else; the sheet in the head only adds the dark colours.
// No picture, no font, nothing from another host: it reads the same with images off, and tells nobody that it was read.

const serif = "Georgia,'Times New Roman',serif"
const sans = '-apple-system,Segoe UI,Roboto,Arial,sans-serif'
const ink = '#1b1a17'
const soft = '#5a554b'
const accent = '#96290f'

const sheet = `body{margin:0;padding:0;background:#faf8f3}a{color:${accent}}.s{color:${soft};font-size:13px;line-height:19px}.s a{color:${soft}}.t{font:bold 18px/24px ${serif}}.t a{color:${ink};text-decoration:none}.p{padding:14px 0;border-top:1px solid #ddd6c6}@media (prefers-color-scheme:dark){body,.bg{background:#161511!important}.ink,.t a,h1{color:#ece7dc!important}.s,.s a{color:#aea798!important}a{color:#ffa088!important}.p,.n{border-color:#39352c!important}.n{background:#28251e!important}}@media (max-width:480px){.pad{padding:12px!important}}`

/** The HTML part. `notShown` papers were left out to keep the mail short enough for Gmail, which cuts at 102 kB. */
export function digestHtml(content: DigestContent, notShown = 0): string {
  const { site, entries, links } = content
  const notice = partialNotice(content)
  const categories = categoriesShown(content)
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
      <body>
        <div style="display:none;max-height:0;overflow:hidden">{previewOf(content)}</div>
        <table role="presentation" class="bg" width="100%" cellpadding="0" cellspacing="0" style="background:#faf8f3">
          <tr>
            <td align="center" class="pad" style="padding:20px">
              <table
                role="presentation"
                width="100%"
                cellpadding="0"
                cellspacing="0"
                style={`max-width:640px;text-align:left;font:15px/22px ${sans};color:${ink}`}
              >
                <tr>
                  <td style="padding:0 0 14px">
                    <h1 style={`margin:0 0 4px;font:bold 24px/30px ${serif};color:${ink}`}>{headingOf(content)}</h1>
                    <span class="s">
                      {countLine(content)} from <a href={links.web}>{site.name}</a> ·{' '}
                      <a href={links.preferences}>Preferences</a> · <a href={links.unsubscribe}>Unsubscribe</a>
                    </span>
                  </td>
                </tr>
                {notice && (
                  <tr>
                    <td class="n ink" style="padding:10px 12px;border:1px solid #ddd6c6;background:#f1ebdd">
                      {notice}
                    </td>
                  </tr>
                )}
                {raw(entries.map((entry, index) => entryHtml(entry, index + 1, content)).join(''))}
                {notShown > 0 && (
                  <tr>
                    <td class="p">
                      <a href={links.web}>And {notShown} more on the site</a>
                    </td>
                  </tr>
                )}
                {categories.length > 0 && (
                  <tr>
                    <td class="p s">
                      By category:{' '}
                      {categories.map(([category, count], index) => (
                        <>
                          {index > 0 && ', '}
                          <a href={`${site.baseUrl}/categories/${category}`}>{category}</a> {count}
                        </>
                      ))}
                    </td>
                  </tr>
                )}
                <tr>
                  <td class="p s">
                    <p style="margin:0 0 8px">{whyYouGetThis(content)}</p>
                    <p style="margin:0 0 8px">
                      <a href={links.unsubscribe}>Stop this mail</a> ·{' '}
                      <a href={links.preferences}>Change or pause it</a> · <a href={links.help}>About the mail</a>
                      {site.contact && (
                        <>
                          {' · '}
                          <a href={`mailto:${site.contact}`}>{site.contact}</a>
                        </>
                      )}
                    </p>
                    <p style="margin:0">This mail holds no pictures and does not tell us whether you read it.</p>
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
  const facts = [paper.categories.join(', '), paper.mark ?? ''].filter((part) => part !== '').join(' · ')
  return (
    <tr>
      <td class="p">
        <div class="t">
          <a href={content.site.baseUrl + paper.path}>
            {place}. {paper.title}
          </a>
        </div>
        <div class="s">
          {names.length === 0
            ? 'Authors not known yet'
            : names.map(({ name, isFollowed }, index) => (
                <>
                  {index > 0 && ', '}
                  {isFollowed ? <b class="ink">{name}</b> : name}
                </>
              ))}
          {names.length > 0 && more > 0 && ` and ${more} more`}
        </div>
        {paper.summary && <div class="ink">{paper.summary}</div>}
        <div class="s">
          <b>{votesLine(paper)}</b>
          {facts && ` · ${facts}`}
          {paper.links.map(({ label, url }) => (
            <>
              {' · '}
              <a href={url}>{label}</a>
            </>
          ))}
          <br />
          {why}
        </div>
      </td>
    </tr>
  )
}
