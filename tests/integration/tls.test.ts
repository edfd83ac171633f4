import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { databasePair } from '../support/database-pair.ts'
import { sessionOn } from '../support/session.ts'

test('channel binding that is required is not done without', async (context) => {
  const pair = await databasePair(context)
  await expect(sessionOn(`${pair.source.url}?channel_binding=require`)).rejects.toMatchObject({
    code: 'tls-failed',
    message: 'channel binding is required, and the server does not offer it',
  })
  await using _session = await sessionOn(`${pair.source.url}?channel_binding=prefer`)
})

test("no password goes out to a server that doesn't offer the channel binding required", async (context) => {
  const received: Buffer[] = []
  // It answers every start-up with a request for the password in clear text.
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      received.push(bytes)
      socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  const url = `postgresql://me:S3cretWord@127.0.0.1:${port}/db?sslmode=disable&channel_binding=require`
  await expect(sessionOn(url)).rejects.toMatchObject({ code: 'tls-failed' })
  expect(Buffer.concat(received).toString('latin1')).not.toContain('S3cretWord')
})

test("the system's root certificates are never taken without verifying, as in libpq", async (context) => {
  const pair = await databasePair(context)
  for (const mode of ['', '&sslmode=prefer', '&sslmode=require']) {
    await expect(sessionOn(`${pair.source.url}?sslrootcert=system${mode}`)).rejects.toMatchObject({ code: 'tls-failed' })
  }
})
