import type { z } from 'zod'
import type { InputName, inputs } from './schema.ts'

/** What each input's text means. */
export type InputValues = { readonly [name in InputName]: z.output<(typeof inputs)[name]['schema']> }
