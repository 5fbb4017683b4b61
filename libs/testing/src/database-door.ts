import { connect, createServer, type Socket } from 'node:net';
import { listenWithinReach } from './free-port.ts';

/** A way to a server that can be shut: connections break and new ones are dropped. */
export interface DatabaseDoor {
  /** The url of a database, through the door. All that is reached through one door is on one server. */
  readonly reach: (url: string) => string;
  readonly shut: () => void;
  readonly open: () => void;
  readonly close: () => Promise<void>;
}

/** A door that is open. */
export async function databaseDoor(): Promise<DatabaseDoor> {
  const sockets = new Set<Socket>();
  let target = { host: '', port: 0 };
  let isOpen = false;
  const server = createServer((inner) => {
    if (!isOpen) return void inner.destroy();
    const outer = connect(target.port, target.host);
    for (const [socket, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  const shut = (): void => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  };
  const port = await listenWithinReach(server);
  isOpen = true;
  return {
    reach: (text) => {
      const url = new URL(text);
      target = { host: url.hostname, port: Number(url.port) };
      url.hostname = '127.0.0.1';
      url.port = String(port);
      return url.href;
    },
    shut,
    open: () => {
      isOpen = true;
    },
    close: () => {
      shut();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}
