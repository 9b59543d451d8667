import { installKeys } from './keys.ts'
import { installSuggestions } from './suggestions.ts'
import { installThemeSwitch } from './theme-switch.ts'
import { installVotes } from './votes.ts'
import { installWishFields } from './wish-fields.ts'
import { installZoneFields } from './zone-field.ts'

installThemeSwitch()
installKeys()
installVotes()
installSuggestions()
installWishFields()
installZoneFields()
