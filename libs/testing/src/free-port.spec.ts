import { type AddressInfo, connect, createServer, Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { databaseDoor } from './database-door.ts';
import { freePort, listenWithinReach } from './free-port.ts';

const opened: Server[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => new Promise((resolve) => void server.close(resolve))));
});

function opening<T extends Server>(server: T): T {
  opened.push(server);
  return server;
}

/** Says of its first ports that they are others, as where rules lead these elsewhere. */
class MisledServer extends Server {
  readonly tried: number[] = [];
  readonly #ledTo: readonly number[];

  constructor(...ledTo: readonly number[]) {
    super();
    this.#ledTo = ledTo;
  }

  override address(): AddressInfo {
    const address = super.address() as AddressInfo;
    const port = this.#ledTo[this.tried.length] ?? address.port;
    this.tried.push(port);
    return { ...address, port };
  }
}

/** What comes of a connection to a port. */
function visit(port: number): Promise<string> {
  return new Promise((resolve) => {
    const visitor = connect(port, '127.0.0.1', () => {
      visitor.destroy();
      resolve('connected');
    });
    visitor.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

async function listeningPort(): Promise<number> {
  const server = opening(createServer((socket) => socket.destroy()));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('a server that listens within reach', () => {
  it('passes over ports that are refused, and those that lead to somebody else', async () => {
    const [refused, another] = [await freePort(), await listeningPort()];
    const server = opening(new MisledServer(refused, another));
    const port = await listenWithinReach(server);
    expect(server.tried).toEqual([refused, another, port]);
    expect(await visit(port)).toBe('connected');
    expect(await visit(refused)).toBe('ECONNREFUSED'); // nor does it keep what it passed over
  });

  it('takes the port that was chosen, and another where somebody listens', async () => {
    const taken = await listeningPort();
    const [wanted, server] = [await freePort(), opening(createServer())];
    const choices = [taken, wanted];
    expect(await listenWithinReach(server, () => choices.shift() ?? 0)).toBe(wanted);
  });

  it('gives up where no port will do', async () => {
    const taken = await listeningPort();
    await expect(listenWithinReach(createServer(), () => taken)).rejects.toThrow('was free and reached');
  });
});

describe('a free port', () => {
  it('is one on which nobody listens', async () => {
    expect(await visit(await freePort())).toBe('ECONNREFUSED');
  });
});

describe('a door to a database', () => {
  it('can be reached until it is closed', async () => {
    const door = await databaseDoor();
    const behind = await listeningPort();
    const { port } = new URL(door.reach(`postgres://127.0.0.1:${behind}/one`));
    expect(await visit(Number(port))).toBe('connected');
    await door.close();
    expect(await visit(Number(port))).toBe('ECONNREFUSED');
  });
});
