import type { SiteConfig } from '../site.ts'

/** How results of a search come about, for readers: nothing about it is secret. */
export function AboutSearch({ embedder }: Pick<SiteConfig, 'embedder'>) {
  // A server for embeddings is sent what is asked; a model at hand is not.
  const model =
    embedder?.kind === 'openai'
      ? 'by a model that this site asks at another server, which is sent your words'
      : embedder
        ? 'on this machine by a model that the administrator chose; no query leaves it'
        : 'on this machine by a small model that came with the program and fits itself to the papers stored here; no query leaves it'
  return (
    <>
      <p>
        By two things added up. <b>Words</b>: how many of yours a paper holds, where a rare word counts more than a
        common one, and one in the title more than one in the abstract (the formula is BM25F). Forms of a word count as
        the word: networks, network. <b>Meaning</b>: how near title and abstract are to your words, computed {model}.
        The two hundred best of each are then looked at once more, for words that stand in for yours. Upvotes count only
        if you choose that order; who you are and what you read never does.
      </p>
      <p>
        <b>Why this result</b> names the words of yours that the paper holds, and says how much of its score comes from
        words and how much from meaning. Scores compare papers within one search only: 100 is the best that both could
        give.
      </p>
      <p>
        Whoever types a whole title gets that paper first. Behind the some hundred papers that are ranked come all
        others that hold your words, newest first, so no list ends before its last paper. A preprint and its copy from
        elsewhere take one place ("also as"). The counts of categories and years are exact: they count the papers that
        hold every word of yours, or any where none holds all. A word that hardly anybody uses next to one that
        thousands do is taken for a slip: "did you mean" offers the other, and searches only what you typed until you
        follow it.
      </p>
      <p>
        Suggestions while you type are titles and names with your words, the newest first, and categories.{' '}
        <a href="/papers">What you can type</a>
      </p>
    </>
  )
}
