import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodePort, type SampleAgency } from '@acogida/local';
import { GeneratorRefusal } from './refusal.ts';
import type { ServiceRequest } from './options.ts';
import { type ServiceNames, serviceNames } from './service-names.ts';
import { withAgency, withComposeNode, withScrapedNode, withWorkspacePackage } from './shared-files.ts';
import { render, renderService } from './templates.ts';

/** First port of a platform that nobody moved. */
const PORT_BASE = 7100;
const NETWORK = 'deploy/local/sample-network.json';
const COMPOSE = 'docker-compose.yml';
const LOCK = 'package-lock.json';
const SCRAPED = 'deploy/observability/prometheus.yml';

/** Kinds of agency that a service of this name makes; any other is a provider of services. */
const AGENCY_KINDS: Readonly<Partial<Record<string, SampleAgency['agencyKind']>>> = {
  profiling: 'PROFILING',
  'child-protection': 'CHILD_PROTECTION',
  'return-reintegration': 'RETURN',
};

/** Everything that one run writes; paths from the workspace, with slashes. */
export interface ServicePlan {
  readonly names: ServiceNames;
  /** New files. */
  readonly created: ReadonlyMap<string, string>;
  /** Files that are there, with their new text. */
  readonly changed: ReadonlyMap<string, string>;
  /** The node's port under `npm start`. */
  readonly port: number;
}

function agencyOf({ agencyId, kind, jurisdiction, provides, words }: ServiceNames): SampleAgency {
  const office = words.charAt(0).toUpperCase() + words.slice(1);
  return {
    agencyId,
    kind,
    jurisdiction,
    name: `${office}, ${jurisdiction ?? 'regional'} (sample)`,
    agencyKind: AGENCY_KINDS[kind] ?? 'SERVICE_PROVIDER',
    provides,
    focalPoint: 'REFERRALS',
  };
}

function refuseWhatIsTaken(workspace: string, { kind, procedure, Name }: ServiceNames, lockText: string): void {
  const taken = Object.keys((JSON.parse(lockText) as { packages: object }).packages);
  if (taken.includes(`node_modules/@acogida/${kind}`) && !existsSync(join(workspace, 'services', kind))) {
    throw new GeneratorRefusal(
      'GENERATOR.KIND_RESERVED',
      `@acogida/${kind} is the name of a package that is no service`,
    );
  }
  if (existsSync(join(workspace, 'services', kind))) {
    throw new GeneratorRefusal('GENERATOR.SERVICE_EXISTS', `there is a folder services/${kind}`);
  }
  if (existsSync(join(workspace, `contracts/schemas/${procedure}-opened.v1.json`))) {
    throw new GeneratorRefusal(
      'GENERATOR.EVENT_EXISTS',
      `there is a contract event ${Name}Opened: choose another --procedure`,
    );
  }
}

/**
 * What a new service writes. Reads the workspace and changes nothing.
 *
 * @param nowMs milliseconds since 1970
 * @throws GeneratorRefusal when a name is taken
 */
export async function planService(workspace: string, request: ServiceRequest, nowMs: number): Promise<ServicePlan> {
  const names = serviceNames(request, nowMs);
  const read = (file: string): Promise<string> => readFile(join(workspace, file), 'utf8');
  const [network, compose, lock] = [await read(NETWORK), await read(COMPOSE), await read(LOCK)];
  const scraped = await read(SCRAPED);
  refuseWhatIsTaken(workspace, names, lock);
  const extended = withAgency(network, agencyOf(names));
  const port = nodePort(PORT_BASE, (JSON.parse(network) as unknown[]).length);
  const created = await renderService(names);
  const schema = `contracts/schemas/${names.procedure}-opened.v1.json`;
  created.set(schema, await render('contract-schema.json.ejs', schema, { ...names }));
  const block = await render('compose-node.yml.ejs', COMPOSE, { ...names, port });
  const folder = `services/${names.kind}`;
  return {
    names,
    created,
    changed: new Map([
      [NETWORK, extended],
      [COMPOSE, withComposeNode(compose, block)],
      [SCRAPED, withScrapedNode(scraped, names.agencyId)],
      [LOCK, withWorkspacePackage(lock, folder, created.get(`${folder}/package.json`) ?? '')],
    ]),
    port,
  };
}
