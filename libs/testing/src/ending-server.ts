import { createServer, type Socket } from 'node:net';
import { listenWithinReach } from './free-port.ts';

/** One message of PostgreSQL's protocol, by its letter. */
function message(letter: string, body: Buffer): Buffer {
  const head = Buffer.from(`${letter}....`);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const WELCOME = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]);
const ENDED = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'));

/** What looks like a database for a moment. */
export interface EndingServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Ends each connection as it begins: what it says of both comes in one piece, as PostgreSQL's words do to a process that was
 * busy meanwhile. An error that nobody hears then fails a spec, as it ends a process.
 */
export async function endingServer(): Promise<EndingServer> {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(Buffer.concat([WELCOME, ENDED])));
  });
  const port = await listenWithinReach(server);
  return {
    url: `postgres://nobody@127.0.0.1:${port}/none`,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
