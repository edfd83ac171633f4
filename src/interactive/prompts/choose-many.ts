import { createPrompt, isEnterKey, useKeypress, useState } from '@inquirer/core'
import { formatCount } from '../../report/format.ts'
import { cut } from '../../report/width.ts'
import type { Many } from '../question.ts'
import { helpLines, itemLines, roomIn, widthIn, wrapped } from './layout.ts'
import { type Reply, type Terminal, useEnd, useSize } from './screen.ts'
import { matching, pressed, type SearchList } from './search-list.ts'

type Config = Pick<Many, 'title' | 'none' | 'items' | 'chosen' | 'refuse'> & { readonly terminal: Terminal }

const help = {
  long: ['↑↓ move', 'space chooses', 'type to search', 'ctrl-a all that match', 'enter goes on', 'esc goes back', 'ctrl-c leaves'],
  short: ['space chooses', 'enter', 'esc: back', 'ctrl-c leaves'],
}

/** Any number of a list, which is searched by typing. */
export const chooseMany = createPrompt<Reply<ReadonlySet<number>>, Config>((config, done) => {
  const { title, none, items, refuse, terminal } = config
  const { styles } = terminal.output
  const names = items.map(({ name }) => name)
  const size = useSize(terminal)
  const [list, setList] = useState<SearchList>({ query: '', at: 0, chosen: config.chosen })
  const [refusal, setRefusal] = useState<string>()
  useEnd(() => done({ kind: 'leave' }))

  const width = widthIn(size)
  const found = matching(names, list.query)
  const count = list.chosen.size === 0 ? none : `${formatCount(list.chosen.size)} of ${formatCount(items.length)} chosen`
  const above = wrapped([title, count], ' · ', width)
  const below = [
    ...(refusal === undefined ? [] : wrapped(refusal.split(' '), ' ', width).map(styles.red)),
    ...helpLines(help, size).map(styles.dim),
  ]
  const room = roomIn(size, above.length + 1 + below.length)
  useKeypress((key, keys) => {
    const typed = keys.line
    keys.clearLine(0)
    if (key.name === 'escape') {
      if (list.query === '') done({ kind: 'back' })
      else setList({ ...list, query: '', at: 0 })
    } else if (isEnterKey(key)) {
      const refused = refuse(list.chosen)
      if (refused === undefined) done({ kind: 'answer', value: list.chosen })
      else setRefusal(refused)
    } else {
      setRefusal(undefined)
      setList(pressed(list, { name: key.name, ctrl: key.ctrl, typed }, names, room))
    }
  })

  const shown = found.flatMap((index) => {
    const item = items[index]
    return item === undefined ? [] : [{ ...item, mark: list.chosen.has(index) ? styles.green('◉') : '◯' }]
  })
  const search = `${found.length === 0 ? 'nothing matches' : `${formatCount(found.length)} listed`} · search: `
  return [
    [...above.map(styles.bold), `  ${styles.dim(search)}${cut(list.query, width - search.length - 3)}`].join('\n'),
    [...itemLines(shown, list.at, { room, width, styles }), ...below].join('\n'),
  ]
})
