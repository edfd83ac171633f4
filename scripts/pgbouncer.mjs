// @ts-check
import { existsSync } from 'node:fs'
import { fetchPrograms, programsFolder } from './fetch-programs.mjs'

/** Sees to it that PgBouncer is there, for the test that has it in front of a source; without it, the test is left out, so this says so. */
export async function ensurePgBouncer() {
  if (existsSync('/usr/sbin/pgbouncer') || existsSync(`${programsFolder('pgbouncer')}/pgbouncer`)) return
  console.log('Fetching PgBouncer into .state, for the test that has it in front of a source.')
  try {
    await fetchPrograms({ name: 'pgbouncer', package: 'pgbouncer', programs: ['usr/sbin/pgbouncer'], suites: undefined })
  } catch (error) {
    console.log(
      `${error instanceof Error ? error.message : error}\nThe tests that need PgBouncer are left out. To run them, install pgbouncer.`,
    )
  }
}
