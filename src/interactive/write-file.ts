import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { printable } from '../report/names.ts'
import type { Asker } from './prompts/asker.ts'

const usualName = 'seren.toml'

/** Asks for a name and writes the file; what is there stays unless told otherwise. The name, or undefined: thought better of it. */
export async function writeConfigFile(text: string, folder: string, asker: Asker): Promise<string | undefined> {
  let initial = usualName
  for (;;) {
    const name = (
      await asker.text({
        title: 'Name of the config file',
        hint: 'from the working folder',
        initial,
        refuse: (given) => (given.trim() === '' ? 'A name is needed.' : undefined),
      })
    )?.trim()
    if (name === undefined) return undefined
    initial = name
    const path = resolve(folder, name)
    const refusal = await attempt(path, text, 'wx')
    if (refusal === undefined) return name
    if (refusal === 'EEXIST') {
      const again = { name: 'No, another name', details: [] }
      const over = { name: 'Yes, its content is lost', details: [] }
      const answer = await asker.one({ title: `${printable(name)} exists. Write over it?`, items: [again, over], chosen: 0 })
      if (answer !== 1) continue
      const failure = await attempt(path, text, 'w')
      if (failure === undefined) return name
      asker.say([`${printable(name)} can't be written (${failure}).`])
    } else asker.say([`${printable(name)} can't be written (${refusal}).`])
  }
}

/** The code of what was in the way. */
async function attempt(path: string, text: string, flag: 'w' | 'wx'): Promise<string | undefined> {
  try {
    await writeFile(path, text, { flag })
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}
