export { createApiApp, type Health } from './app.ts'
