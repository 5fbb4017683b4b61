// Loaded before any program of the image: variables that are made with the keys may name a file instead, as `NAME_FILE`.
import { readFileSync } from 'node:fs';

const SECRETS = ['PGPASSWORD', 'GENESIS_ID'];

for (const name of SECRETS) {
  const file = process.env[`${name}_FILE`];
  if (file !== undefined && process.env[name] === undefined) process.env[name] = readFileSync(file, 'utf8').trim();
}
