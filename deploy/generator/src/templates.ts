import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ejs from 'ejs';
import prettier from 'prettier';
import type { ServiceNames } from './service-names.ts';

const TEMPLATES = fileURLToPath(new URL('../templates/', import.meta.url));
const FORMAT = { singleQuote: true, printWidth: 120 } as const;

/** One template with the names filled in; formatted as the workspace is, where the file has a format. */
export async function render(
  template: string,
  file: string,
  names: Readonly<Record<string, unknown>>,
): Promise<string> {
  const source = await readFile(join(TEMPLATES, template), 'utf8');
  const text = ejs.render(source, names, { filename: template });
  if (file.endsWith('.yml')) return text; // a block that is put into a file keeps its indentation
  return prettier.format(text, { ...FORMAT, filepath: file });
}

/** Every file of a service: its path from the workspace, with slashes, and its text. */
export async function renderService(names: ServiceNames): Promise<Map<string, string>> {
  const folder = join(TEMPLATES, 'service');
  const templates = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.ejs')).sort();
  const files = new Map<string, string>();
  for (const template of templates) {
    const path = template
      .replace(/\.ejs$/, '')
      .replaceAll('__kind__', names.kind)
      .replaceAll('__procedure__', names.procedure)
      .replaceAll(sep, '/');
    files.set(
      `services/${names.kind}/${path}`,
      await render(relative(TEMPLATES, join(folder, template)), path, { ...names }),
    );
  }
  return files;
}
