// @ts-check
import { fetchPrograms, programsFolder } from './fetch-programs.mjs'

const name = 'client-tools-18'

export const newestToolsFolder = programsFolder(name)

/** Client tools of 18 on a system that has older ones, from a newer suite of the same distribution. Fails with a reason. */
export async function fetchNewestTools() {
  await fetchPrograms({
    name,
    package: 'postgresql-client-18',
    programs: ['pg_dump', 'pg_dumpall', 'pg_restore', 'psql'].map((one) => `usr/lib/postgresql/18/bin/${one}`),
    // Those that have PostgreSQL 18.
    suites: { debian: ['forky', 'sid'], ubuntu: ['resolute'] },
  })
}
