import { installKeys } from './keys.ts'
import { installThemeSwitch } from './theme-switch.ts'

installThemeSwitch()
installKeys()
