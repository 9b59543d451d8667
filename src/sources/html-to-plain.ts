import { Parser } from 'htmlparser2'
import { cleanText } from './formats/decode-text.ts'

const blocks = new Set(['p', 'div', 'br', 'li', 'tr', 'h1', 'h2', 'h3', 'h4'])
const unseen = new Set(['script', 'style', 'head', 'template'])

/** The words of an HTML fragment: tags go, entities become characters, blocks become lines. Text without tags stays. */
export function htmlToPlain(html: string): string {
  if (!/[<&]/.test(html)) return cleanText(html.replace(/[^\S\n]+/g, ' '))
  let text = ''
  let hidden = 0
  const parser = new Parser({
    onopentag: (name) => {
      if (unseen.has(name)) hidden += 1
      if (blocks.has(name)) text += '\n'
    },
    onclosetag: (name) => {
      if (unseen.has(name)) hidden -= 1
      if (blocks.has(name) && name !== 'br') text += '\n'
    },
    ontext: (piece) => {
      if (hidden === 0) text += piece
    },
  })
  parser.write(html)
  parser.end()
  return cleanText(text.replace(/[^\S\n]+/g, ' ').replace(/ *\n[\n ]*/g, '\n'))
}
