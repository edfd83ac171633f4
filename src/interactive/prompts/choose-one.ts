import { createPrompt, isEnterKey, useKeypress, useState } from '@inquirer/core'
import type { QuestionItem } from '../question.ts'
import { helpLines, itemLines, roomIn, widthIn, wrapped } from './layout.ts'
import { type Reply, type Terminal, useEnd, useSize } from './screen.ts'
import { pressed } from './search-list.ts'

export interface Menu {
  readonly title: string
  readonly items: readonly QuestionItem[]
  readonly chosen: number
}

const help = {
  long: ['↑↓ move', 'enter chooses', 'esc goes back', 'ctrl-c leaves'],
  short: ['enter', 'esc: back', 'ctrl-c leaves'],
}

/** One of a few. */
export const chooseOne = createPrompt<Reply<number>, Menu & { readonly terminal: Terminal }>((config, done) => {
  const { title, items, terminal } = config
  const { styles } = terminal.output
  const size = useSize(terminal)
  const [at, setAt] = useState(config.chosen)
  useEnd(() => done({ kind: 'leave' }))

  const width = widthIn(size)
  const above = wrapped([title], ' ', width)
  const below = helpLines(help, size).map(styles.dim)
  const room = roomIn(size, above.length + below.length)
  useKeypress((key, keys) => {
    keys.clearLine(0)
    if (key.name === 'escape') done({ kind: 'back' })
    else if (isEnterKey(key)) done({ kind: 'answer', value: at })
    else {
      const press = { name: key.name, ctrl: key.ctrl, typed: '' }
      setAt(
        pressed(
          { query: '', at, chosen: new Set() },
          press,
          items.map(({ name }) => name),
          room,
        ).at,
      )
    }
  })
  const shown = items.map((item, index) => ({ ...item, mark: index === at ? styles.cyan('●') : '○' }))
  return [above.map(styles.bold).join('\n'), [...itemLines(shown, at, { room, width, styles }), ...below].join('\n')]
})
