import { ExitPromptError } from '@inquirer/core'
import { cut } from '../../report/width.ts'
import type { Many } from '../question.ts'
import { askText, type TextQuestion } from './ask-text.ts'
import { chooseMany } from './choose-many.ts'
import { chooseOne, type Menu } from './choose-one.ts'
import { widthIn } from './layout.ts'
import { hastenEscape, type Reply, type Terminal, writableTo } from './screen.ts'

/** Asks one question at a time; undefined means back. Whoever leaves ends the run: then it throws. */
export interface Asker {
  readonly many: (question: Omit<Many, 'type' | 'answer'>) => Promise<ReadonlySet<number> | undefined>
  readonly one: (question: Menu) => Promise<number | undefined>
  readonly text: (question: TextQuestion) => Promise<string | undefined>
  readonly say: (lines: readonly string[]) => void
}

export interface Ending {
  /** Aborted by signals, from outside or by `leave`. */
  readonly signal: AbortSignal
  /** What Ctrl-C does where no keys are read. */
  readonly leave: () => void
}

export function terminalAsker(terminal: Terminal, { signal, leave }: Ending): Asker {
  const { output, input } = terminal
  hastenEscape(input)
  // A prompt ends what it writes to: each has its own.
  const context = () => ({ input, output: writableTo(terminal), clearPromptOnDone: true, signal })
  const say = (lines: readonly string[]) => output.write(lines.map((line) => `${line}\n`).join(''))
  const settle = async <T>(asked: Promise<Reply<T>>, title: string, words: (value: T) => string): Promise<T | undefined> => {
    const reply = await asked.catch((error: unknown): Reply<T> => {
      signal.throwIfAborted()
      if (error instanceof ExitPromptError) return { kind: 'leave' }
      throw error
    })
    if (reply.kind === 'leave') leave()
    signal.throwIfAborted()
    if (reply.kind !== 'answer') return undefined
    const width = widthIn(terminal.size())
    say([`${output.styles.green('✓')} ${cut(`${title}: ${words(reply.value)}`, width - 2)}`])
    return reply.value
  }
  return {
    say,
    many: (question) => settle(chooseMany({ ...question, terminal }, context()), question.title, (chosen) => manyWords(question, chosen)),
    one: (question) =>
      settle(chooseOne({ ...question, terminal }, context()), question.title, (index) => question.items[index]?.name ?? ''),
    text: (question) =>
      settle(askText({ ...question, terminal }, context()), question.title, (text) =>
        question.hidden === true ? '(hidden)' : text.trim(),
      ),
  }
}

function manyWords({ items, none }: Pick<Many, 'items' | 'none'>, chosen: ReadonlySet<number>): string {
  if (chosen.size === 0) return none
  const names = items.filter((_, index) => chosen.has(index)).map(({ name }) => name)
  return chosen.size === items.length && items.length > 1 ? `all ${items.length}` : names.join(', ')
}
