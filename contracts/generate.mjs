/**
 * Generates src/generated from schemas/: for each event version its data type and its schema as a constant, and the
 * catalogue of all of them. `node generate.mjs` writes; `node generate.mjs --check` fails when something is out of date.
 */
import { readdir, readFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { compile } from 'json-schema-to-typescript';
import * as prettier from 'prettier';
import ts from 'typescript';

const SCHEMAS = new URL('./schemas/', import.meta.url);
const GENERATED = new URL('./src/generated/', import.meta.url);
const HEADER = '// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.\n\n';

const dataTypeName = (type, version) => `${type}V${version}Data`;
const schemaName = (type, version) => `${type.charAt(0).toLowerCase()}${type.slice(1)}V${version}Schema`;

async function readSchemas() {
  const names = (await readdir(SCHEMAS)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    names.map(async (name) => {
      const match = /^([a-z0-9-]+)\.v(\d+)\.json$/.exec(name);
      if (match === null) throw new Error(`${name}: a schema is named <event>.v<version>.json`);
      const schema = JSON.parse(await readFile(new URL(name, SCHEMAS), 'utf8'));
      const version = Number(match[2]);
      if (schema.$id !== `urn:acogida:contract:${match[1]}:v${version}`) throw new Error(`${name}: $id does not fit`);
      return { file: `${match[1]}.v${version}.ts`, type: schema.title, version, class: schema['x-class'], schema };
    }),
  );
}

/**
 * Interfaces become readonly type aliases: an interface has no implicit index signature, so it would not be assignable
 * to the JSON object that a contract event carries.
 */
function toReadonlyAlias(source) {
  const file = ts.createSourceFile('x.ts', source, ts.ScriptTarget.Latest, true);
  const edits = [];
  const visit = (node) => {
    if (ts.isInterfaceDeclaration(node)) {
      const open = source.indexOf('{', node.name.end);
      edits.push({ from: node.getStart(), to: open, text: `export type ${node.name.text} = ` });
      edits.push({ from: node.end, to: node.end, text: ';' });
    }
    if (ts.isPropertySignature(node)) edits.push({ from: node.getStart(), to: node.getStart(), text: 'readonly ' });
    if (ts.isArrayTypeNode(node)) edits.push({ from: node.getStart(), to: node.getStart(), text: 'readonly ' });
    ts.forEachChild(node, visit);
  };
  visit(file);
  let text = source;
  for (const edit of edits.sort((a, b) => b.from - a.from))
    text = text.slice(0, edit.from) + edit.text + text.slice(edit.to);
  return text;
}

async function eventModule({ type, version, schema }) {
  const name = dataTypeName(type, version);
  const anonymous = { ...schema, title: undefined, $id: undefined };
  const types = await compile(anonymous, name, {
    bannerComment: '',
    format: false,
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
  });
  return [
    HEADER,
    toReadonlyAlias(types),
    `\n/** JSON Schema of \`${name}\`. */\n`,
    `export const ${schemaName(type, version)} = ${JSON.stringify(schema)} as const;\n`,
  ].join('');
}

function catalogueModule(schemas) {
  const types = [...new Set(schemas.map((schema) => schema.type))];
  const versionsOf = (type) => schemas.filter((schema) => schema.type === type).sort((a, b) => a.version - b.version);
  const entries = types.map((type) => {
    const versions = versionsOf(type);
    const current = versions.at(-1);
    const byVersion = versions.map((schema) => `${schema.version}: ${schemaName(type, schema.version)}`).join(', ');
    return `  ${type}: { class: '${current.class}', currentVersion: ${current.version}, schemas: { ${byVersion} } },`;
  });
  const dataTypes = types.map((type) => `  readonly ${type}: ${dataTypeName(type, versionsOf(type).at(-1).version)};`);
  return [
    HEADER,
    ...schemas.map(
      ({ file, type, version }) =>
        `import { type ${dataTypeName(type, version)}, ${schemaName(type, version)} } from './${file}';\n`,
    ),
    '\n/** Every contract event: its class, the version written today, and the schema of every version ever written. */\n',
    `export const contractCatalogue = {\n${entries.join('\n')}\n} as const;\n`,
    '\n/** Data of the current version of every contract event. */\n',
    `export type ContractDataByType = {\n${dataTypes.join('\n')}\n};\n`,
  ].join('');
}

/** The generated files by name, as they should be. */
export async function generate() {
  const schemas = await readSchemas();
  const files = new Map();
  const format = (text) => prettier.format(text, { parser: 'typescript', singleQuote: true, printWidth: 120 });
  for (const schema of schemas) files.set(schema.file, await format(await eventModule(schema)));
  files.set('catalogue.ts', await format(catalogueModule(schemas)));
  const exported = [...files.keys()].map((file) => `export * from './${file}';\n`);
  files.set('index.ts', await format(HEADER + exported.join('')));
  return files;
}

/** Names of the generated files that are missing, out of date or left over. */
export async function outOfDate() {
  const wanted = await generate();
  const present = await readdir(GENERATED).catch(() => []);
  const wrong = present.filter((name) => !wanted.has(name));
  for (const [name, text] of wanted) {
    const found = await readFile(new URL(name, GENERATED), 'utf8').catch(() => undefined);
    if (found !== text) wrong.push(name);
  }
  return wrong.sort();
}

if (import.meta.url === `file://${process.argv[1]}`) {
  if (process.argv.includes('--check')) {
    const wrong = await outOfDate();
    for (const name of wrong) process.stderr.write(`out of date: src/generated/${name}\n`);
    process.exitCode = wrong.length === 0 ? 0 : 1;
  } else {
    const files = await generate();
    await rm(GENERATED, { recursive: true, force: true });
    await mkdir(GENERATED, { recursive: true });
    for (const [name, text] of files) await writeFile(new URL(name, GENERATED), text);
  }
}
