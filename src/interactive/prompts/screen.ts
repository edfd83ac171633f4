import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { useEffect, useState } from '@inquirer/core'
import type { Output } from '../../report/reporter.ts'
import type { Size } from './layout.ts'

/** A terminal to ask on: keys come from one stream, and all that is shown goes through the entry's output, which redacts it. */
export interface Terminal {
  readonly input: NodeJS.ReadStream
  readonly output: Output
  readonly size: () => Size
  /** Calls back whenever the size has changed; returns how to stop that. */
  readonly onResize: (changed: () => void) => () => void
}

export type Reply<T> = { readonly kind: 'answer'; readonly value: T } | { readonly kind: 'back' } | { readonly kind: 'leave' }

/** What the prompts' library wants to write to. */
export function writableTo({ output, size }: Terminal): Writable {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      output.write(chunk.toString())
      done()
    },
  })
  return Object.defineProperty(stream, 'columns', { get: () => size().columns })
}

/** Node waits half a second to see whether Esc begins a sequence, unless the first to read keys has asked for less. */
export function hastenEscape(input: NodeJS.ReadStream): void {
  createInterface({ input, terminal: true, escapeCodeTimeout: 50 }).close()
}

/** Draws anew on an empty screen: a terminal may have wrapped what stood there in its own way. */
export function useSize({ size, output, onResize }: Terminal): Size {
  const [current, setCurrent] = useState(size)
  useEffect(
    () =>
      onResize(() => {
        output.write('\x1b[2J\x1b[H')
        setCurrent(size())
      }),
    [],
  )
  return current
}

/** Ctrl-D and a terminal that is gone: nobody is left to answer. */
export function useEnd(leave: () => void): void {
  useEffect((keys) => {
    keys.on('close', leave)
    return () => keys.removeListener('close', leave)
  }, [])
}
