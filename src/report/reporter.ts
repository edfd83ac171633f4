import type { Event } from '../events.ts'
import type { CommandResult } from '../plan/results.ts'

/** One way to show a run. All hooks are optional; what one throws is caught by run.ts and never stops the run. */
export interface Reporter {
  readonly started?: (command: string) => void
  readonly event?: (event: Event) => void
  readonly finished?: (result: CommandResult) => void | Promise<void>
}

/** Where a renderer writes: the entry's stream, which redacts secrets on the way. */
export interface Output {
  readonly write: (text: string) => void
  readonly styles: Styles
  /** Undefined where it isn't a terminal. */
  readonly size: (() => { readonly columns: number; readonly rows: number }) | undefined
}

type Style = (text: string) => string
type StyleName = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'
export type Styles = { readonly [name in StyleName]: Style }

const codes: { readonly [name in StyleName]: readonly [number, number] } = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
}

export function styles(enabled: boolean): Styles {
  const style = (name: StyleName): Style => (enabled ? (text) => `\x1b[${codes[name][0]}m${text}\x1b[${codes[name][1]}m` : (text) => text)
  return { bold: style('bold'), dim: style('dim'), red: style('red'), green: style('green'), yellow: style('yellow'), cyan: style('cyan') }
}
