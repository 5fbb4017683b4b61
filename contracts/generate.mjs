/**
 * Everything that follows from schemas/: src/generated (for each event version its data type and its schema as a constant,
 * and the catalogue) and asyncapi.yaml.
 *
 * `node generate.mjs` writes them, and the fixture of a schema that has none from the schema's `examples`; `--check` fails when a file is out of date or a released version was changed; `--release`
 * freezes schemas that are not in released/ yet, and never touches one that is.
 */
import { copyFile, constants, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import * as prettier from 'prettier';
import { asyncapiDocument } from './generation/asyncapi-document.mjs';
import { CONTRACTS, describeSchemas, readJsonFiles } from './generation/contract-files.mjs';
import { typeModules } from './generation/type-modules.mjs';
import { releaseFaults } from './src/compatibility/release-faults.ts';
import { contractUpcasters } from './src/known-event.ts';

const GENERATED = 'src/generated/';
const LAYOUT = { singleQuote: true, printWidth: 120 };

/** The generated files as they should be, by path within contracts/. */
export async function generate() {
  const schemas = describeSchemas(await readJsonFiles('schemas'));
  const files = new Map();
  for (const [name, text] of await typeModules(schemas)) {
    files.set(GENERATED + name, await prettier.format(text, { ...LAYOUT, parser: 'typescript' }));
  }
  files.set('asyncapi.yaml', await prettier.format(asyncapiDocument(schemas), { ...LAYOUT, parser: 'yaml' }));
  return files;
}

/** Paths of the generated files that are missing, out of date or left over. */
export async function outOfDate() {
  const wanted = await generate();
  const present = await readdir(new URL(GENERATED, CONTRACTS)).catch(() => []);
  const wrong = present.map((name) => GENERATED + name).filter((path) => !wanted.has(path));
  for (const [path, text] of wanted) {
    const found = await readFile(new URL(path, CONTRACTS), 'utf8').catch(() => undefined);
    if (found !== text) wrong.push(path);
  }
  return wrong.sort();
}

/** What is wrong with the schemas against their released versions, one sentence each. */
export async function incompatible() {
  return releaseFaults({
    schemas: await readJsonFiles('schemas'),
    released: await readJsonFiles('released'),
    fixtures: new Set((await readJsonFiles('fixtures')).keys()),
    upcasters: contractUpcasters,
  });
}

/** Names of the schemas that no release has. */
export async function unreleased() {
  const released = await readJsonFiles('released');
  return [...(await readJsonFiles('schemas')).keys()].filter((name) => !released.has(name));
}

/** The fixture of a new schema is its first example, written once: from then on it stays. */
async function writeMissingFixtures() {
  const fixtures = await readJsonFiles('fixtures');
  for (const [name, { examples }] of await readJsonFiles('schemas')) {
    if (fixtures.has(name) || examples === undefined) continue;
    const text = await prettier.format(JSON.stringify(examples[0]), { ...LAYOUT, parser: 'json' });
    await writeFile(new URL(`fixtures/${name}`, CONTRACTS), text);
  }
}

async function write() {
  await writeMissingFixtures();
  const files = await generate();
  await mkdir(new URL(GENERATED, CONTRACTS), { recursive: true });
  for (const path of await outOfDate()) {
    const text = files.get(path);
    if (text === undefined) await rm(new URL(path, CONTRACTS));
    else await writeFile(new URL(path, CONTRACTS), text);
  }
}

/** Whether it was done; nothing is frozen while something is wrong. */
async function release() {
  if (!(await check())) return false;
  await mkdir(new URL('released/', CONTRACTS), { recursive: true });
  for (const name of await unreleased()) {
    const [from, to] = [new URL(`schemas/${name}`, CONTRACTS), new URL(`released/${name}`, CONTRACTS)];
    await copyFile(from, to, constants.COPYFILE_EXCL);
    process.stdout.write(`released ${name}\n`);
  }
  return true;
}

async function check() {
  const outdated = (await outOfDate()).map((path) => `out of date: ${path}; run \`npm run contracts:generate\`.`);
  const faults = [...outdated, ...(await incompatible())];
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  return faults.length === 0;
}

if (import.meta.url === `file://${process.argv[1]}`) {
  if (process.argv.includes('--release')) process.exitCode = (await release()) ? 0 : 1;
  else if (process.argv.includes('--check')) process.exitCode = (await check()) ? 0 : 1;
  else await write();
}
