import { readdir, readFile } from 'node:fs/promises';

/** The folder of the contracts package. */
export const CONTRACTS = new URL('../', import.meta.url);

/**
 * The JSON files of a folder by name, none when there is no such folder.
 *
 * @param {string} folder within contracts/, `schemas`
 * @returns {Promise<ReadonlyMap<string, object>>}
 */
export async function readJsonFiles(folder) {
  const present = await readdir(new URL(`${folder}/`, CONTRACTS)).catch(() => []);
  const names = present.filter((name) => name.endsWith('.json')).sort();
  const texts = await Promise.all(names.map((name) => readFile(new URL(`${folder}/${name}`, CONTRACTS), 'utf8')));
  return new Map(names.map((name, index) => [name, JSON.parse(texts[index])]));
}

/**
 * The schemas with what their names and keywords say of them.
 *
 * @param {ReadonlyMap<string, object>} files
 * @returns {readonly { name: string, type: string, version: number, class: string, schema: object }[]}
 * @throws Error a name or `$id` that does not fit
 */
export function describeSchemas(files) {
  return [...files].map(([name, schema]) => {
    const match = /^([a-z0-9-]+)\.v(\d+)\.json$/.exec(name);
    if (match === null) throw new Error(`${name}: a schema is named <event>.v<version>.json`);
    const version = Number(match[2]);
    if (schema.$id !== `urn:acogida:contract:${match[1]}:v${version}`) throw new Error(`${name}: $id does not fit`);
    return { name, type: schema.title, version, class: schema['x-class'], schema };
  });
}
