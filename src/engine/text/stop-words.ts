/**
 * Words of a query that say nothing about its subject. They are indexed like all others, so that phrases with them are
 * found and a query of nothing else still works; ranking leaves them out.
 */
export const stopWords: ReadonlySet<string> = new Set(
  (
    'a about above after all also am an and any are as at be because been before being below between both but by can cannot ' +
    'could did do does doing down during each few for from further had has have having he her here hers him his how i if in ' +
    'into is it its itself me more most my nor not of off on once only or other our ours out over own same she should so ' +
    'some such than that the their theirs them then there these they this those through to too under until up upon very was ' +
    'we were what when where which while who whom why will with would you your yours us via et al'
  ).split(' '),
)
