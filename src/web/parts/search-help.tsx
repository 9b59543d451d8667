import { createKeptPart } from './kept-part.ts'

const syntax: [example: string, meaning: string][] = [
  ['what makes deep networks generalize?', 'a question or words: ranked by the words and by the meaning'],
  ['"local generalization"', 'these words in this order'],
  ['-survey', 'without this word; also -"…", -cat:, -author:'],
  ['transform*', 'words that begin so'],
  ['author:hinton', 'by an author; author:"geoffrey hinton" for the whole name'],
  ['title:attention', 'in the title; abstract: in the abstract'],
  ['cat:cs.LG', 'in a category; cat:cs for all of an archive, cat:cs.LG,stat.ML for any of several'],
  ['date:2025-03..2025-06', 'from March to June 2025; also date:2025, date:2025-03-07, date:2025.., date:..2024'],
  ['has:code', 'with a link to code'],
  ['2401.00001', 'any form of an arXiv id, a DOI or a link opens the paper'],
]

/** What can be typed, each as a link that shows it at work. */
export const SearchHelp = createKeptPart(
  () => '',
  () => (
    <>
      <table class="syntax">
        <caption>What you can type</caption>
        <tbody>
          {syntax.map(([example, meaning]) => (
            <tr>
              <th scope="row">
                <a href={`/papers?q=${encodeURIComponent(example)}`} rel="nofollow">
                  <code>{example}</code>
                </a>
              </th>
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        Each part narrows further. Capitals and accents do not matter.{' '}
        <a href="/about#search">How results are ordered, and what "why this result" says</a>
      </p>
    </>
  ),
)
