// The only place that constructs: what commands open, and nobody else may ask for.
export { type Context, fillStarter, type OpenOptions, openContext, openDatabase } from './context.ts'
export { embedderReport } from './embedder.ts'
export { adoptSources, arxivOf, askForToday, problemOfStorage, readSources } from './gathering.ts'
export { openWatchdog, openWorker } from './jobs.ts'
export { openDigests, openFinder, openMailer, siteNameOf } from './mail.ts'
export { openPaperSearch, openSearchForCommand } from './search.ts'
export { openSite, type SiteApp } from './site.ts'
