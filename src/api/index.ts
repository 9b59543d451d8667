export { type ApiParts, createApiApp } from './app.ts'
