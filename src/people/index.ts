export { type Role, reaches, roles, type Viewer } from './viewer.ts'
