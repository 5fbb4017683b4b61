// What `docker compose run --rm tools COMMAND` runs: the commands of the platform, under the names of the npm scripts.
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const workspace = resolve(import.meta.dirname, '../..');
const SAMPLE = ['caseload.csv', '--mapping', 'caseload.json'].map((part) =>
  part.startsWith('--') ? part : join(workspace, 'deploy/import/sample', part),
);

/** Program and first arguments of a command. */
const COMMANDS = {
  import: ['deploy/import/dist/main.js'],
  reconcile: ['deploy/operations/dist/main.js', 'reconcile'],
  quarantine: ['deploy/operations/dist/main.js', 'quarantine'],
  token: ['deploy/operations/dist/main.js', 'token'],
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(COMMANDS, name ?? '')) {
  console.error(`name a command: ${Object.keys(COMMANDS).join(', ')}`);
  process.exit(2);
}
const [program, ...first] = COMMANDS[name];
const given = name === 'import' ? args.flatMap((arg) => (arg === '--sample' ? SAMPLE : [arg])) : args;
const file = join(workspace, program);
process.argv.splice(1, Infinity, file, ...first, ...given);
await import(pathToFileURL(file).href);
