import type { Code } from '../errors.ts'

interface More {
  readonly hint?: string
  readonly code?: Code
}

/** What a parser of one value throws. The message never quotes a value that may be secret. */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue'
  readonly hint: string | undefined
  readonly code: Code | undefined

  constructor(message: string, { hint, code }: More = {}) {
    super(shortened(message))
    this.hint = hint
    this.code = code
  }
}

/** Messages repeat what was given, which may be a megabyte. */
export function shortened(message: string): string {
  return message.length <= 400 ? message : `${message.slice(0, 250)} … ${message.slice(-120)}`
}
