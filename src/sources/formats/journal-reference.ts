type Parts = {
  journal?: string | undefined
  volume?: string | undefined
  number?: string | undefined
  pages?: string | undefined
  year?: string | undefined
}

/** Says where a paper appeared, in one line: `Journal 12(3), 45-67 (2020)`. Nothing where that is arXiv itself. */
export function journalReference({ journal, volume, number, pages, year }: Parts): string | undefined {
  if (journal === undefined || /arxiv|^CoRR$/i.test(journal)) return undefined
  const issue = volume === undefined ? number : number === undefined ? volume : `${volume}(${number})`
  const place = [issue === undefined ? journal : `${journal} ${issue}`, ...(pages === undefined ? [] : [pages])].join(
    ', ',
  )
  return year === undefined || !/^\d{4}/.test(year) ? place : `${place} (${year.slice(0, 4)})`
}
