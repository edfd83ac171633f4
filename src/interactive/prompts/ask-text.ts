import { createPrompt, isEnterKey, useKeypress, useState } from '@inquirer/core'
import { helpLines, widthIn, wrapped } from './layout.ts'
import { type Reply, type Terminal, useEnd, useSize } from './screen.ts'

export interface TextQuestion {
  readonly title: string
  readonly hint: string
  readonly initial: string
  /** What is typed is secret: not even its length is shown. */
  readonly hidden?: boolean
  readonly refuse: (text: string) => string | undefined
}

const help = {
  long: ['enter goes on', 'esc goes back', 'ctrl-c leaves'],
  short: ['enter', 'esc: back', 'ctrl-c leaves'],
}

/** A line of text, checked before it's taken. */
export const askText = createPrompt<Reply<string>, TextQuestion & { readonly terminal: Terminal }>((config, done) => {
  const { title, hint, initial, hidden = false, refuse, terminal } = config
  const { styles } = terminal.output
  const size = useSize(terminal)
  const [text, setText] = useState(initial)
  const [refusal, setRefusal] = useState<string>()
  useEnd(() => done({ kind: 'leave' }))

  const width = widthIn(size)
  useKeypress((key, keys) => {
    // The line is kept here: readline's own would move the cursor by what a secret doesn't show.
    const typed = keys.line.replaceAll(/\p{C}/gu, '')
    keys.clearLine(0)
    if (key.name === 'escape') return done({ kind: 'back' })
    if (isEnterKey(key)) {
      const refused = refuse(text)
      if (refused === undefined) return done({ kind: 'answer', value: text })
      if (hidden) setText('')
      return setRefusal(refused)
    }
    setRefusal(undefined)
    setText(key.name === 'backspace' ? [...text].slice(0, -1).join('') : key.ctrl && key.name === 'u' ? '' : text + typed)
  })
  const below = [
    ...(refusal === undefined ? [] : wrapped(refusal.split(' '), ' ', width).map(styles.red)),
    ...helpLines(help, size).map(styles.dim),
  ]
  const shown = hidden ? (text === '' ? '' : '(hidden)') : text
  return [
    [...wrapped([title, hint], ' · ', width).map(styles.bold), `  ${styles.cyan('❯')} ${endOf(shown, width - 5)}`].join('\n'),
    below.join('\n'),
  ]
})

/** Where it's typed is at its end. */
function endOf(text: string, width: number): string {
  const characters = [...text]
  return characters.length <= width ? text : `…${characters.slice(1 - width).join('')}`
}
