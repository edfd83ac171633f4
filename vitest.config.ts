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
    // Tests wait as much as they work; but each file's databases load two servers besides, and more workers make time limits tight.
    maxWorkers: 3,
    tags: [{ name: 'long', description: 'Takes long, or repeats on other majors what `npm test` shows on some: npm run test:long.' }],
    projects: [
      suite('unit', { testTimeout: 10_000, servers: false }),
      suite('integration'),
      suite('e2e', { testTimeout: 120_000 }),
      suite('long', { testTimeout: 30 * 60_000 }),
    ],
  },
})
