import { parseConnectionUrl } from '../config/connection-url.ts'
import type { Given } from '../config/parse.ts'
import type { Asker } from './prompts/asker.ts'
import { refusalOf } from './questions.ts'

/** Connection URLs that were given neither by flag nor in the environment: typed unseen, and kept as the environment's. */
export async function askUrls(given: Given, asker: Asker): Promise<Given> {
  const missing = (['source', 'target'] as const).filter(
    (side) => given.values[side] === undefined && (given.environment[side] ?? '').trim() === '',
  )
  let environment = given.environment
  for (let at = 0; at < missing.length; ) {
    const side = missing[at] ?? 'source'
    const url = await asker.text({
      title: `Connection URL of the ${side}`,
      hint: 'like postgresql://user:password@host:5432/database; it stays hidden',
      initial: '',
      hidden: true,
      refuse: refusalOf((text) => parseConnectionUrl(text, { user: given.account })),
    })
    if (url !== undefined) environment = { ...environment, [side]: url.trim() }
    at = url === undefined ? Math.max(0, at - 1) : at + 1
  }
  return { ...given, environment }
}
