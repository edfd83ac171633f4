import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { startCommand } from '../support/command.ts'

test('a connection URL given as a flag is soon gone from the process list', async () => {
  // Takes connections and never answers, so that the command stays.
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `postgresql://mover:hunter2@127.0.0.1:${(server.address() as AddressInfo).port}/shop`
  const connected = once(server, 'connection')
  await using command = startCommand(['validate', '--source', url, `--target=${url}`])
  await connected
  expect(execFileSync('ps', ['-p', String(command.pid), '-ww', '-o', 'args='], { encoding: 'utf8' })).not.toContain('hunter2')
  command.kill('SIGKILL')
  await command.finished
  server.close()
})
