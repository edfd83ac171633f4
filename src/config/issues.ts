import type { z } from 'zod'
import type { Code } from '../errors.ts'
import { shortened } from './invalid-value.ts'

export interface Mistake {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly hint?: string
  readonly code?: Code
  /** Set when the mistake is a name that doesn't exist. */
  readonly unknown?: string
}

/** zod's issues in words of ours, which never quote a value that may be secret; one per unknown key. */
export function toMistakes(issues: readonly z.core.$ZodIssue[]): Mistake[] {
  return issues.flatMap((issue): Mistake[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: [...issue.path, key], message: `${shortened(key)} is unknown`, unknown: key }))
    // An option that was right as far as it goes is the one that was meant: its mistakes lie deeper.
    const meant = issue.code === 'invalid_union' ? issue.errors.find((errors) => errors.every(({ path }) => path.length > 0)) : undefined
    if (meant !== undefined) return toMistakes(meant.map((one) => ({ ...one, path: [...issue.path, ...one.path] })))
    return [{ path: issue.path, message: messageOf(issue), ...ours(issue) }]
  })
}

function messageOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'custom':
      return issue.message
    case 'invalid_value':
      return `expected one of ${issue.values.map(String).join(', ')}`
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? 'it is missing' : `expected ${words.get(issue.expected) ?? issue.expected}`
    case 'invalid_union':
      return `expected ${[...new Set(issue.errors.flat().map((one) => (one.code === 'invalid_type' ? (words.get(one.expected) ?? one.expected) : 'another value')))].join(' or ')}`
    default:
      return issue.message
  }
}

function ours(issue: z.core.$ZodIssue): { hint?: string; code?: Code } {
  if (issue.code !== 'custom') return {}
  const { hint, code } = (issue.params ?? {}) as { hint?: string; code?: Code }
  return { ...(hint === undefined ? {} : { hint }), ...(code === undefined ? {} : { code }) }
}

const words = new Map([
  ['string', 'text'],
  ['object', 'a table'],
  ['record', 'a table'],
  ['array', 'a list'],
  ['boolean', 'true or false'],
  ['number', 'a number'],
  ['nonoptional', 'a value'],
])
