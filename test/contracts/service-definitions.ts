import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { NodeDefinition } from '@acogida/service-kit';

const SERVICES = join(import.meta.dirname, '../../services');

/**
 * Whether this run judges a release (`ACOGIDA_RELEASE=true`): then everything that will be depended on must be frozen.
 * Otherwise what is new needs no copy yet, so that an event or a service can be added without touching these files.
 */
export const JUDGES_RELEASE = process.env['ACOGIDA_RELEASE'] === 'true';

function isDefinition(exported: unknown): exported is NodeDefinition {
  return typeof exported === 'object' && exported !== null && 'kind' in exported && 'procedures' in exported;
}

/** What each folder of services/ says about itself, by kind. */
export async function serviceDefinitions(): Promise<ReadonlyMap<string, NodeDefinition>> {
  const found = new Map<string, NodeDefinition>();
  for (const name of readdirSync(SERVICES)) {
    const index = join(SERVICES, name, 'src/index.ts');
    if (!existsSync(index)) continue;
    const definition = Object.values((await import(pathToFileURL(index).href)) as object).find(isDefinition);
    if (definition === undefined) throw new Error(`services/${name} exports no node definition`);
    found.set(definition.kind, definition);
  }
  return found;
}
