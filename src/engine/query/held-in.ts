import type { EngineField } from '../document.ts'
import type { TextPart } from '../segments/text-part.ts'
import { listOf, noDocuments, those } from './document-lists.ts'
import { listsOf } from './field-lists.ts'

const [certain, doubtful] = [1, 2]

/**
 * The documents that hold any of the terms in the field, its words and closed spellings alike, in rising order; without a field,
 * anywhere. Where words have to be read for it, only those of documents that are `allowed`.
 */
export function heldIn(
  text: TextPart,
  terms: readonly number[],
  field: EngineField | undefined,
  allowed: Uint8Array | undefined,
): Uint16Array {
  if (field === 'abstract') return inAbstract(text, terms, allowed)
  if (field === 'categories') return amongTags(text, terms, allowed)
  const postings = (term: number) => (field ? text.postingsIn(field, term) : text.postings(term).documents)
  if (terms.length === 1) return postings(terms[0]!)
  const found = new Uint8Array(text.count)
  for (const term of terms) {
    const documents = postings(term)
    for (let i = 0; i < documents.length; i++) found[documents[i]!] = 1
  }
  return listOf(found)
}

/**
 * A document that holds a term neither in its title, nor among its authors, nor as a tag holds it in the abstract. Of those that
 * are still in doubt the words are read.
 */
function inAbstract(text: TextPart, terms: readonly number[], allowed: Uint8Array | undefined): Uint16Array {
  const found = new Uint8Array(text.count)
  for (const term of terms) markInAbstract(text, term, found)
  const marks = marked(text, terms)
  for (let document = 0; document < found.length; document++) {
    if (found[document] !== doubtful) continue
    const holds = (!allowed || allowed[document] === 1) && holdsAny(text, document, listsOf.abstract, marks)
    found[document] = holds ? certain : 0
  }
  return listOf(found)
}

function markInAbstract(text: TextPart, term: number, found: Uint8Array): void {
  const { documents } = text.postings(term)
  const titles = text.postingsIn('title', term)
  const authors = text.postingsIn('authors', term)
  const isTag = text.isTag(term)
  let [t, a] = [0, 0]
  for (let n = 0; n < documents.length; n++) {
    const document = documents[n]!
    while (t < titles.length && titles[t]! < document) t++
    while (a < authors.length && authors[a]! < document) a++
    if (!isTag && titles[t] !== document && authors[a] !== document) found[document] = certain
    else if (found[document] === 0) found[document] = doubtful
  }
}

/** Categories and identifiers are in few other places, so the tags of all documents of a term are read. */
function amongTags(text: TextPart, terms: readonly number[], allowed: Uint8Array | undefined): Uint16Array {
  const tags = terms.filter((term) => text.isTag(term))
  if (tags.length === 0) return noDocuments
  const marks = marked(text, tags)
  return those(
    heldIn(text, tags, undefined, allowed),
    (document) => (!allowed || allowed[document] === 1) && holdsAny(text, document, listsOf.categories, marks),
  )
}

/** A byte for each number that `ForwardText` has: 1 for those of the terms. */
export function marked(text: TextPart, terms: readonly number[]): Uint8Array {
  const marks = new Uint8Array(text.termCount + 1)
  for (const term of terms) marks[term + 1] = 1
  return marks
}

const holdsAny = (text: TextPart, document: number, list: number, marks: Uint8Array) =>
  text.holdsIn(document, list, marks) || text.holdsIn(document, list + 1, marks)
