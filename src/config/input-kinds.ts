import { z } from 'zod'
import type { Command } from './config.ts'
import { InvalidValue } from './invalid-value.ts'
import { parseBoolean } from './quantities.ts'
import { splitList } from './split-list.ts'

export interface Input<Schema extends z.ZodType = z.ZodType> {
  readonly kind: 'text' | 'flag' | 'list'
  readonly schema: Schema
  readonly description: string
  /** What stands for the value in help and documentation. */
  readonly placeholder?: string
  /** In words where it isn't a value. */
  readonly default?: string
  /** The commands that heed it. */
  readonly commands: readonly Command[]
  readonly short?: string
  /** Of lists: the rules that one item holds. */
  readonly split?: (item: string) => string[]
  /** Only for the action. */
  readonly actionOnly?: true
  /** Not in the config file: secrets, and the file itself. */
  readonly notInFile?: true
  /** Parsed and checked, but what it does is yet to come: refused unless it asks for the default. */
  readonly unavailable?: true
}

export type About = Omit<Input, 'kind' | 'schema' | 'split'>

export function text<T>(parse: (text: string) => T, about: About) {
  return {
    ...about,
    kind: 'text',
    schema: z.union([z.string(), z.number()]).transform(guarded((value: string | number) => parse(String(value)))),
  } as const
}

export function choice<const T extends readonly [string, ...string[]]>(values: T, about: About) {
  return { ...about, kind: 'text', placeholder: values.join('|'), schema: z.enum(values) } as const
}

export function flag(about: About) {
  const schema = z
    .union([z.boolean(), z.string()])
    .transform(guarded((value: boolean | string) => (typeof value === 'boolean' ? value : parseBoolean(value))))
  return { ...about, kind: 'flag', default: 'false', schema } as const
}

interface AboutList extends About {
  /** Items can be told apart at commas too, since none can hold one outside of quotes. */
  readonly commas: boolean
}

export function list<T>(parse: (item: string) => T, about: AboutList) {
  return listUnless(() => false, parse, about)
}

/** Without it everything is meant: who gives one must name something. */
export function listOfSome<T>(parse: (item: string) => T, about: AboutList) {
  return listUnless((items) => items.every((one) => one.length === 0), parse, about)
}

/** May be empty as a list, but not be a text that names nothing. */
export function listOfAny<T>(parse: (item: string) => T, about: AboutList) {
  return listUnless((items) => items.length > 0 && items.every((one) => one.length === 0), parse, about)
}

function listUnless<T>(isRefused: (items: readonly string[][]) => boolean, parse: (item: string) => T, about: AboutList) {
  const { commas, ...rest } = about
  const split = (item: string) => splitList(item, { commas })
  const schema = z.union([z.string(), z.array(z.string())]).transform((given, context) => {
    // All items, not the first that is wrong; one of an array by its index, so that the file's locator finds it.
    const items = (typeof given === 'string' ? [given] : given).map(split)
    if (isRefused(items)) return attempt(refuseNothing, context, []) ?? z.NEVER
    const path = (index: number) => (typeof given === 'string' ? [] : [index])
    return items.flatMap((ones, index) => ones.flatMap((one) => attempt(() => [parse(one)], context, path(index)) ?? []))
  })
  return { ...rest, kind: 'list', split, schema } as const
}

/** The value of a variable that isn't set, most likely. */
export function refuseNothing(): never {
  throw new InvalidValue("it's given, but names nothing, and that isn't taken for everything", { hint: 'Name something, or leave it out.' })
}

/** Lets a parser that throws InvalidValue serve as a zod transform. */
export function guarded<In, Out>(parse: (value: In) => Out) {
  return (value: In, context: z.core.$RefinementCtx): Out => attempt(() => parse(value), context, []) ?? z.NEVER
}

export function attempt<T>(parse: () => T, context: z.core.$RefinementCtx, path: PropertyKey[]): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error
    context.addIssue({ code: 'custom', message: error.message, path, params: { hint: error.hint, code: error.code } })
    return undefined
  }
}
