import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../shared/data/pagila', import.meta.url))
const files = [`${folder}/pagila-schema.sql`, `${folder}/pagila-data.sql`]

/** pagila's files, which aren't part of the project; undefined where they aren't beside it. */
export const pagila = files.every((file) => existsSync(file)) ? files : undefined

if (!pagila) process.stderr.write(`pagila isn't in ../shared/data/pagila: the tests on it are left out.\n`)
