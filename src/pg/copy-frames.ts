/** Where the pieces of a server's answer go, in order. Pieces of one kind arrive in as few calls as possible. */
export interface FrameSink {
  /** Bytes of CopyData messages, headers included, cut anywhere. */
  data(bytes: Buffer): void
  /** Bytes of all other messages, cut anywhere. */
  other(bytes: Buffer): void
}

const headerLength = 5
const copyData = 'd'.charCodeAt(0)

/**
 * Separates CopyData messages from all others without touching their content: it walks the headers and hands on slices of the
 * buffers as they came from the socket. A CopyData message is the same in both directions, so the slices can be written to
 * another server as they are.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export function splitFrames(sink: FrameSink): (chunk: Buffer) => void {
  const header = Buffer.alloc(headerLength)
  let headerBytes = 0
  let bodyLeft = 0
  let isData = false

  return (chunk) => {
    let at = 0
    let runStart = 0
    let runIsData = isData
    const flush = (end: number) => {
      if (end > runStart) (runIsData ? sink.data : sink.other)(chunk.subarray(runStart, end))
      runStart = end
    }
    while (at < chunk.length) {
      if (bodyLeft > 0) {
        const taken = Math.min(bodyLeft, chunk.length - at)
        bodyLeft -= taken
        at += taken
        continue
      }
      if (headerBytes === 0 && chunk.length - at >= headerLength) {
        isData = chunk[at] === copyData
        bodyLeft = chunk.readUInt32BE(at + 1) - 4
        if (isData !== runIsData) flush(at)
        runIsData = isData
        at += headerLength
        continue
      }
      // A header that is cut by the end of a buffer is kept until it's whole, since its kind decides where it goes.
      if (headerBytes === 0) flush(at)
      const taken = Math.min(headerLength - headerBytes, chunk.length - at)
      chunk.copy(header, headerBytes, at, at + taken)
      headerBytes += taken
      at += taken
      runStart = at
      if (headerBytes < headerLength) break
      headerBytes = 0
      isData = header[0] === copyData
      runIsData = isData
      bodyLeft = header.readUInt32BE(1) - 4
      ;(isData ? sink.data : sink.other)(Buffer.from(header))
    }
    flush(at)
  }
}
