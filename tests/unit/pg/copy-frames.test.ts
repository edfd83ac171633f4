import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitFrames } from '../../../src/pg/copy-frames.ts'

interface Message {
  readonly kind: string
  readonly body: Uint8Array
}

const message: fc.Arbitrary<Message> = fc.record({
  kind: fc.oneof({ weight: 3, arbitrary: fc.constant('d') }, { weight: 1, arbitrary: fc.constantFrom('H', 'N', 'S', 'c', 'C', 'D', 'Z') }),
  body: fc.uint8Array({ maxLength: 40 }),
})

test('separates CopyData from everything else, wherever the buffers are cut', () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 }),
      (messages, cuts) => {
        const data: Buffer[] = []
        const other: Buffer[] = []
        const feed = splitFrames({ data: (bytes) => data.push(Buffer.from(bytes)), other: (bytes) => other.push(Buffer.from(bytes)) })
        for (const chunk of cut(Buffer.concat(messages.map(encode)), cuts)) feed(chunk)
        expect(Buffer.concat(data)).toEqual(Buffer.concat(messages.filter((one) => one.kind === 'd').map(encode)))
        expect(Buffer.concat(other)).toEqual(Buffer.concat(messages.filter((one) => one.kind !== 'd').map(encode)))
      },
    ),
    { numRuns: 2000 },
  )
})

test('hands on slices of the buffer that came, not copies', () => {
  const chunk = Buffer.concat([encode({ kind: 'd', body: Buffer.alloc(100) }), encode({ kind: 'd', body: Buffer.alloc(200) })])
  const data: Buffer[] = []
  splitFrames({ data: (bytes) => data.push(bytes), other: () => expect.unreachable() })(chunk)
  expect(data).toHaveLength(1)
  expect(data[0]?.buffer).toBe(chunk.buffer)
})

function encode({ kind, body }: Message): Buffer {
  const header = Buffer.alloc(5)
  header.write(kind, 0, 'latin1')
  header.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([header, body])
}

function cut(whole: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0, turn = 0; at < whole.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    chunks.push(whole.subarray(at, at + size))
    at += size
  }
  return chunks
}
