export type { CardPicture, CardSize } from './card-picture.ts'
export { createSocialCards, type SocialCards, type SocialCardsOptions } from './create-social-cards.ts'
