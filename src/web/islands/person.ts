import { installPasskeys } from './passkey.ts'

installPasskeys()
