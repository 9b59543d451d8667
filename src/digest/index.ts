export { countSubscriptions } from './queries.ts'
export { subscribe } from './subscribe.ts'
