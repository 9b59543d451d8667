import { canonicalCategory } from '../../papers/index.ts'

/** Whether a paper of these categories is of a followed subject: a category by any of its names, or a whole archive. */
export function followsAny(followed: readonly string[]): (categories: readonly string[]) => boolean {
  const subjects = followed.map(canonicalCategory)
  const isOf = (category: string, subject: string) => category === subject || category.startsWith(`${subject}.`)
  return (categories) =>
    categories.some((category) => {
      const canonical = canonicalCategory(category)
      return subjects.some((subject) => isOf(canonical, subject) || isOf(category, subject))
    })
}
