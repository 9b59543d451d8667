import { HOURS_PER_DECADE } from '../../feed/index.ts'
import { Layout } from '../layout.tsx'
import { AboutSearch } from '../parts/about-search.tsx'
import { sendHtml } from '../respond.tsx'
import type { Page } from '../site.ts'

/** `/about`: what this is, how lists are ordered, what dates mean, who runs it. */
export const about: Page = (request, site) =>
  sendHtml(
    request,
    String(
      <Layout
        site={site}
        request={request}
        title="About"
        canonical="/about"
        description="What this site is, how its lists are ordered, and what its dates mean."
      >
        <div class="lead">
          <div>
            <h1>About {site.config.name}</h1>
            <p class="by-line">by {site.config.editor} and the research community</p>
          </div>
        </div>
        <div class="prose">
          <p>
            A daily list of research papers: what was announced, what editors picked, what readers upvoted. It runs on
            Paperround, open-source software that anyone can run for a community of their own.
          </p>
          <h2 id="order">How a day is ordered</h2>
          <p>
            By upvotes, then comments, then the place the paper got when it was listed. Nothing else. Weeks and months
            are ordered the same way.
          </p>
          <h2 id="votes">Which upvotes count</h2>
          <p>
            One of each person, once their address is confirmed. Moderators see groups of accounts that vote together
            from one network, and can leave their votes out, each time with a reason in a log. A pick of the editor is a
            mark and moves nothing.
          </p>
          <p>
            The badges, such as "#1 paper of the day", are fixed 24 hours after a list has closed, by the votes given
            until then.
          </p>
          <h2 id="trending">How trending is ordered</h2>
          <p>Every listed paper has one number, highest first:</p>
          <p class="formula">
            <code>log10(upvotes + 1 + min(upvotes, comments / 2)) + hours / {HOURS_PER_DECADE}</code>
          </p>
          <p>
            The hours count up to the moment the paper was listed, so a later paper starts higher, and ten times the
            upvotes make up for {HOURS_PER_DECADE} hours. Comments count half and never more than the upvotes. Nothing
            in it depends on who you are, and nothing decays behind your back: the number changes only when somebody
            votes or comments. Withdrawn papers do not trend.
          </p>
          <h2 id="search">How search results are ordered</h2>
          <AboutSearch embedder={site.config.embedder} />
          <h2 id="dates">What the dates mean</h2>
          <p>
            A day is an announcement day of arXiv, which announces from Sunday to Thursday at 20:00 New York time under
            the date of the next day. So lists run from Monday to Friday, and an empty weekend is no fault. A date we do
            not know is left out; none is guessed.
          </p>
          <h2 id="elsewhere">Upvotes elsewhere</h2>
          <p>
            Counts of other sites are shown with their name. They are never added to ours and do not move a paper here,
            except that imported past days keep the order they had there.
          </p>
          <h2 id="keys">Keys</h2>
          <p>
            <kbd>j</kbd> and <kbd>k</kbd> go to the next and the previous paper, <kbd>Enter</kbd> opens it, <kbd>/</kbd>{' '}
            goes to the search field, <kbd>?</kbd> shows this help.
          </p>
          <h2 id="who">Who runs this site</h2>
          <p>
            {site.config.contact ? (
              <a href={`mailto:${site.config.contact}`}>{site.config.contact}</a>
            ) : (
              'The administrator has not given an address.'
            )}
          </p>
          <p>
            Metadata of arXiv papers is in the public domain (CC0); the papers belong to their authors, and we link to
            them. This site shows no third-party content, sets one cookie if you choose a theme, and follows nobody.
          </p>
        </div>
      </Layout>,
    ),
  )
