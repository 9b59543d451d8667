/** Changes bytes as damaged transfers, broken proxies and strangers do. `random` gives numbers in [0, 1). */
export function mutate(bytes: Buffer, others: readonly Buffer[], random: () => number): Buffer {
  const at = (length: number) => Math.floor(random() * length)
  let mutated = bytes
  for (let times = 1 + at(4); times > 0; times--) {
    const from = at(mutated.length + 1)
    const to = Math.min(mutated.length, from + at(random() < 0.5 ? 8 : 2_000))
    const [before, middle, after] = [mutated.subarray(0, from), mutated.subarray(from, to), mutated.subarray(to)]
    const kind = at(7)
    if (kind === 0 && mutated.length > 0) {
      mutated = Buffer.from(mutated)
      mutated[at(mutated.length)] = at(256)
    } else if (kind === 1) mutated = Buffer.concat([before, after])
    else if (kind === 2) mutated = Buffer.concat([before, middle, middle, after])
    else if (kind === 3)
      mutated = Buffer.concat([before, Buffer.from(Array.from({ length: 1 + at(12) }, () => at(256))), after])
    else if (kind === 4) mutated = before
    else if (kind === 5) mutated = Buffer.concat([before, (others[at(others.length)] as Buffer).subarray(at(2_000))])
    else mutated = Buffer.concat([before, Buffer.from(pieces[at(pieces.length)] as string), after])
  }
  return mutated
}

/** What each format means something by. */
const pieces = [
  '<dt>',
  '</dd>',
  '<h3>',
  '</h3>',
  '<h3>New submissions (showing 0 of 0 entries)</h3>',
  'No updates today.',
  'arXiv:2401.00001',
  '<br>',
  '<!--',
  ']]>',
  '<![CDATA[',
  '&amp;',
  '&bomb;',
  '</html>',
  '<resumptionToken/>',
  '<resumptionToken>x</resumptionToken>',
  "<error code='noRecordsMatch'>x</error>",
  '<record>',
  '</record>',
  '<entry>',
  '</entry>',
  '\u0000',
  '\ufeff',
  '<?xml version="1.0" encoding="UTF-7"?>',
  '<!DOCTYPE x [<!ENTITY bomb "&bomb;&bomb;">]>',
]
