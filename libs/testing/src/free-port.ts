import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

const HOST = '127.0.0.1';
const MOST_TRIES = 20;
/** Far more than the way to oneself takes, in milliseconds. */
const REACHED_WITHIN_MS = 2_000;

/** A port to try; 0 is any that the system gives. */
type PortChoice = () => number;

/**
 * Has a server listen on a port of 127.0.0.1 where it is reached; resolves with the port. Not each port that the system gives
 * is one: a container engine that was killed leaves rules that lead its ports to containers that are gone.
 *
 * @throws Error none of twenty ports was free and reached
 */
export async function listenWithinReach(server: Server, choose: PortChoice = () => 0): Promise<number> {
  const passedOver: Server[] = [];
  try {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const port = await listen(server, choose());
      if (port === null) continue;
      if (await isReached(server, port)) return port;
      await close(server);
      const holder = createServer(); // else the system may give it again
      if ((await listen(holder, port)) !== null) passedOver.push(holder);
    }
    throw new Error(`none of ${MOST_TRIES} ports of ${HOST} was free and reached`);
  } finally {
    await Promise.all(passedOver.map(close));
  }
}

/** A TCP port of 127.0.0.1 that nobody listens on now; somebody else may take it before the caller does. */
export async function freePort(choose?: PortChoice): Promise<number> {
  const server = createServer();
  const port = await listenWithinReach(server, choose);
  await close(server);
  return port;
}

/** The port that it came to listen on; null where somebody else does. */
function listen(server: Server, wanted: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve((server.address() as AddressInfo).port);
    };
    server.once('error', onError).once('listening', onListening);
    server.listen({ port: wanted, host: HOST, exclusive: true });
  });
}

/** Whether a connection to the port comes to this server, and to no other. */
async function isReached(server: Server, port: number): Promise<boolean> {
  const visitor = connect(port, HOST);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const receive = (visit: Socket): void => {
    visit.resetAndDestroy(); // leaves no port in TIME_WAIT
    resolve(true);
  };
  visitor.on('error', () => resolve(false));
  visitor.on('close', () => resolve(false));
  visitor.setTimeout(REACHED_WITHIN_MS, () => resolve(false));
  server.once('connection', receive);
  try {
    return await promise;
  } finally {
    server.off('connection', receive);
    visitor.destroy();
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => void server.close(() => resolve()));
}
