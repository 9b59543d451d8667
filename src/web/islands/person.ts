import { installPasskeys } from './passkey.ts'
import { installWork } from './work.ts'

installPasskeys()
installWork()
