import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import xterm from '@xterm/headless'

export interface TerminalOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly columns?: number
  readonly rows?: number
}

export interface TerminalCommand extends AsyncDisposable {
  /** What stands on the screen, scrolled away lines included; the lines that a terminal has wrapped are one. */
  text(): string
  /** Without what has scrolled away. */
  screen(): string
  /** Every byte that was sent to the terminal. */
  sent(): string
  /** Until the screen shows it. */
  shows(expected: string | RegExp): Promise<void>
  /** As the keyboard sends it. */
  press(...keys: readonly (Key | { readonly type: string })[]): void
  /** The window is made larger or smaller. */
  resize(columns: number, rows: number): Promise<void>
  kill(signal: NodeJS.Signals): Promise<void>
  /** Exit code, and the terminal's settings once the program has gone. */
  readonly finished: Promise<{ readonly code: number | null; readonly settings: string }>
}

const keys = {
  up: '\x1b[A',
  down: '\x1b[B',
  enter: '\r',
  escape: '\x1b',
  space: ' ',
  backspace: '\x7f',
  'ctrl-a': '\x01',
  'ctrl-c': '\x03',
  'ctrl-d': '\x04',
} as const
type Key = keyof typeof keys

/** Milliseconds. */
const patience = 20_000

const program = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url))

/** Runs the command line in a pseudo-terminal of its own (`script`, of util-linux), with a terminal emulator to look at. */
export async function startInTerminal(args: readonly string[], options: TerminalOptions = {}): Promise<TerminalCommand> {
  const { columns = 100, rows = 30, env = {}, cwd = tmpdir() } = options
  const folder = await mkdtemp(join(tmpdir(), 'terminal-'))
  const command = [process.execPath, program, ...args].map(quote).join(' ')
  // The shell that `script` starts outlives the program and tells how it left the terminal.
  const shell = [
    `stty cols ${columns} rows ${rows}`,
    `tty > ${folder}/tty`,
    `sh -c ${quote(`echo $$ > ${folder}/pid; exec ${command}`)}`,
    'code=$?',
    `stty -a > ${folder}/settings`,
    'exit $code',
  ].join('; ')
  const { PATH = '', HOME = '', TMPDIR } = process.env
  const child = spawn('script', ['-qefc', shell, '/dev/null'], {
    cwd,
    env: { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }), SHELL: '/bin/sh', TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const emulator = new xterm.Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true })
  let sent = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    sent += chunk
    emulator.write(chunk)
  })
  let ended = false
  const finished = once(child, 'close').then(async ([code]) => {
    ended = true
    const settings = await readFile(join(folder, 'settings'), 'utf8').catch(() => '')
    await rm(folder, { recursive: true, force: true })
    return { code: code as number | null, settings }
  })
  const shows = async (expected: string | RegExp) => {
    const until = performance.now() + patience
    for (;;) {
      const last = ended
      const text = textOf(emulator)
      if (typeof expected === 'string' ? text.includes(expected) : expected.test(text)) return
      if (last || performance.now() > until)
        throw new Error(`${last ? 'The program ended' : 'Time passed'} without showing ${expected}:\n${text}`)
      await sleep(10)
    }
  }
  return {
    text: () => textOf(emulator),
    screen: () => textOf(emulator, emulator.buffer.active.baseY),
    sent: () => sent,
    shows,
    press: (...pressed) => void child.stdin.write(pressed.map((one) => (typeof one === 'string' ? keys[one] : one.type)).join('')),
    async resize(toColumns, toRows) {
      emulator.resize(toColumns, toRows)
      const tty = (await readFile(join(folder, 'tty'), 'utf8')).trim()
      await once(spawn('stty', ['-F', tty, 'cols', String(toColumns), 'rows', String(toRows)]), 'close')
    },
    async kill(signal) {
      process.kill(Number(await readFile(join(folder, 'pid'), 'utf8')), signal)
    },
    finished,
    async [Symbol.asyncDispose]() {
      if (!ended) {
        const pid = Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => ''))
        if (pid > 0) process.kill(pid, 'SIGKILL')
        else child.kill('SIGKILL')
      }
      await finished
    },
  }
}

function textOf({ buffer: { active } }: InstanceType<typeof xterm.Terminal>, from = 0): string {
  let text = ''
  for (let line = from; line < active.length; line++) {
    const row = active.getLine(line)
    text += `${row?.isWrapped === true || line === from ? '' : '\n'}${row?.translateToString(true) ?? ''}`
  }
  return text.trimEnd()
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
