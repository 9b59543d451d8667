export type { PoliteAnswer, PoliteRequest } from './answer.ts'
export { createPoliteClient, type PoliteClient, type PoliteClientOptions } from './client.ts'
