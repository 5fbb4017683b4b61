import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { DEFAULT_AUDIENCE, issuerConfiguration, type IssuerUser } from './issuer-configuration.ts';
import { loadSigningKeys } from './signing-keys.ts';

/** How the development issuer is started. */
export interface IssuerOptions {
  /** 0 for any free port. */
  readonly port: number;
  readonly host?: string;
  /** The `iss` of its tokens where others know it by another address than the one it listens on. */
  readonly url?: string;
  readonly users: readonly IssuerUser[];
  /** Secret of every client, random for each data directory. */
  readonly secret: string;
  /** Where the signing keys are kept. */
  readonly keysFile: string;
  readonly audience?: string;
}

/** An issuer that answers. */
export interface RunningIssuer {
  /** The `iss` of its tokens. */
  readonly issuer: string;
  /** On the address that it listens on. */
  readonly tokenEndpoint: string;
  stop(): Promise<void>;
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/**
 * Starts an OpenID Connect issuer for development: `client_credentials` tokens for `<agency>.<name>` clients. It keeps
 * nothing but its signing keys.
 */
export async function startIssuer(options: IssuerOptions): Promise<RunningIssuer> {
  const host = options.host ?? '127.0.0.1';
  const signingKeys = await loadSigningKeys(options.keysFile);
  const server = createServer();
  const port = await listen(server, options.port, host);
  const address = `http://${host}:${port}`;
  const issuer = options.url ?? address;
  const provider = new Provider(
    issuer,
    issuerConfiguration({
      users: options.users,
      secret: options.secret,
      signingKeys,
      audience: options.audience ?? DEFAULT_AUDIENCE,
    }),
  );
  const answer = provider.callback();
  server.on('request', (request, response) => void answer(request, response));
  return {
    issuer,
    tokenEndpoint: `${address}/token`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
