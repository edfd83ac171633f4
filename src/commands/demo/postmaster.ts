import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from './initdb.ts'

const startDeadline = 60_000
const stopDeadline = 30_000

/** One server process over one data folder. */
export class Postmaster {
  readonly dataFolder: string
  readonly logFile: string
  readonly #program: string
  readonly #account: Account
  #child: ChildProcess | undefined

  constructor(program: string, dataFolder: string, account: Account) {
    this.dataFolder = dataFolder
    this.logFile = join(dataFolder, '..', 'server.log')
    this.#program = program
    this.#account = account
  }

  get pid(): number | undefined {
    return this.#running()?.pid
  }

  async start(): Promise<void> {
    if (this.#running()) return
    const log = await open(this.logFile, 'a')
    // In a process group of its own, so that Ctrl+C reaches us and not the server: we stop it in order.
    const child = spawn(this.#program, ['-D', this.dataFolder], {
      ...this.#account,
      cwd: this.dataFolder,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    })
    let failure: Error | undefined
    child.once('error', (error) => (failure = error))
    child.unref()
    await log.close()
    this.#child = child
    for (const deadline = Date.now() + startDeadline; !(await this.#isReady()); await sleep(20)) {
      if (failure) throw failure
      if (this.#running() && Date.now() < deadline) continue
      throw new Error(`The server didn't start:\n${await readFile(this.logFile, 'utf8')}`)
    }
  }

  async stop(mode: 'fast' | 'immediate'): Promise<void> {
    const child = this.#running()
    if (!child) return
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.ref()
    child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
    const late = setTimeout(() => child.kill('SIGQUIT'), stopDeadline)
    await gone
    clearTimeout(late)
  }

  #running(): ChildProcess | undefined {
    const child = this.#child
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null ? child : undefined
  }

  /** The eighth line of the process id file says so; the first tells whether it's this start's file. */
  async #isReady(): Promise<boolean> {
    const lines = await readFile(join(this.dataFolder, 'postmaster.pid'), 'utf8').then(
      (text) => text.split('\n'),
      () => [],
    )
    return lines[0] === String(this.#child?.pid) && lines[7]?.trim() === 'ready'
  }
}
