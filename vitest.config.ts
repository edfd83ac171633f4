import { defineConfig } from 'vitest/config'

const suite = (name: string, more: { testTimeout?: number; servers?: boolean } = {}) => ({
  extends: true as const,
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    testTimeout: more.testTimeout ?? 60_000,
    hookTimeout: more.testTimeout ?? 60_000,
    ...(more.servers === false ? {} : { globalSetup: ['tests/support/server-broker.ts'] }),
  },
})

export default defineConfig({
  test: {
    pool: 'forks',
    // Each file's databases load two servers besides: more workers than this make time limits tight.
    maxWorkers: 2,
    projects: [
      suite('unit', { testTimeout: 10_000, servers: false }),
      suite('integration'),
      suite('e2e', { testTimeout: 120_000 }),
      suite('long', { testTimeout: 30 * 60_000 }),
    ],
  },
})
