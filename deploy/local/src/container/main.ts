import { CONTAINER_DATA_DIR, DATABASE_SECRET_FILE, DEFAULT_ISSUER_URL } from './container-places.ts';
import { prepareDatabases, prepareDirectory, prepareKeys } from './prepare.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** The preparations of docker-compose.yml, each in a container that ends. */
const PREPARATIONS: Readonly<Record<string, () => Promise<void>>> = {
  keys: () =>
    prepareKeys({
      dir: CONTAINER_DATA_DIR,
      databaseSecretFile: DATABASE_SECRET_FILE,
      issuerUrl: process.env['ACOGIDA_ISSUER_URL'] ?? DEFAULT_ISSUER_URL,
    }),
  databases: () => prepareDatabases(CONTAINER_DATA_DIR),
  directory: () => prepareDirectory(CONTAINER_DATA_DIR, say),
};

const name = process.argv[2] ?? '';
const prepare = Object.hasOwn(PREPARATIONS, name) ? PREPARATIONS[name] : undefined;
if (prepare === undefined) {
  say(`name a preparation: ${Object.keys(PREPARATIONS).join(', ')}`);
  process.exit(2);
}
await prepare();
