import { userInfo } from 'node:os'

/** What libpq takes for the user where a URL names none. Empty for accounts without a name, as containers often have. */
export function accountName(): string {
  try {
    return userInfo().username
  } catch {
    return ''
  }
}
