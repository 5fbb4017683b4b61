import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sourceFiles, textOf, workspace } from './workspace-files.ts';

const schemas = readdirSync(join(workspace, 'contracts/schemas')).filter((name) => name.endsWith('.json'));
const types = [...new Set(schemas.map((name) => titleOf(name)))];
/** Where an event becomes a contract event: `publish.ts` of a service, of the referral protocol, of consent, of safeguards, of the case keys, of erasure or of the channel; the relay's own in its recovery. */
const MAPPING =
  /^(services\/[^/]+\/src\/integration|libs\/referral\/src(\/consent)?|libs\/safeguards\/src(\/case-link)?|libs\/service-kit\/src\/(trust|case-keys|erasure|agency-channel))\/publish\.ts$|^libs\/safeguards\/src\/publish-gate\.ts$|^libs\/event-log\/src\/relay-recovery/;
/** What more than one procedure says in the same words, since whoever hears it does the same: whoever meets a child says so. */
const SAID_BY: Readonly<Record<string, readonly string[]>> = { ChildIdentified: ['child-protection', 'intake'] };
const mappings = sourceFiles.filter((file) => MAPPING.test(file) && !file.endsWith('.spec.ts'));

function titleOf(schema: string): string {
  return (JSON.parse(readFileSync(join(workspace, 'contracts/schemas', schema), 'utf8')) as { title: string }).title;
}

describe('contract events', () => {
  it('are found', () => {
    expect(types.length).toBeGreaterThan(20);
    expect(mappings.length).toBeGreaterThan(4);
  });

  it.each(schemas)('%s has a fixture', (schema) => {
    expect(readdirSync(join(workspace, 'contracts/fixtures'))).toContain(schema);
  });

  it.each(types.filter((type) => !(type in SAID_BY)))('%s is published by exactly one procedure’s mapping', (type) => {
    expect(mappings.filter((file) => textOf(file).includes(`'${type}'`))).toHaveLength(1);
  });

  it.each(Object.entries(SAID_BY))('%s is published by these services and no other', (type, services) => {
    const saying = mappings.filter((file) => textOf(file).includes(`'${type}'`));
    expect(saying.sort()).toEqual(services.map((name) => `services/${name}/src/integration/publish.ts`));
  });
});
