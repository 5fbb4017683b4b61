import type { SampleAgency } from '@acogida/local';
import { GeneratorRefusal } from './refusal.ts';

/** The sample network with one agency more. @throws GeneratorRefusal when it is there */
export function withAgency(text: string, agency: SampleAgency): string {
  const agencies = JSON.parse(text) as SampleAgency[];
  if (agencies.some(({ agencyId }) => agencyId === agency.agencyId)) {
    throw new GeneratorRefusal('GENERATOR.AGENCY_EXISTS', 'the sample network has an agency of this name');
  }
  return `${JSON.stringify([...agencies, agency], null, 2)}\n`;
}

const END_OF_NODES = /^ {2}# end of (?:the )?nodes$/m;

/** The compose file with one node more, as text so that its comments stay. @throws GeneratorRefusal without the end marker */
export function withComposeNode(text: string, block: string): string {
  const end = END_OF_NODES.exec(text);
  if (end === null) {
    throw new GeneratorRefusal('GENERATOR.COMPOSE_MARKER_MISSING', 'docker-compose.yml has no line `  # end of nodes`');
  }
  return text.slice(0, end.index) + block + text.slice(end.index);
}

const LAST_SCRAPED = /^( *- )[a-z0-9-]+(:\d+)\n(?! *- [a-z0-9-]+:\d+$)/m;

/** The scrape configuration with one node more, behind the last one. @throws GeneratorRefusal it lists no node */
export function withScrapedNode(text: string, agencyId: string): string {
  const last = LAST_SCRAPED.exec(text);
  if (last === null) throw new GeneratorRefusal('GENERATOR.SCRAPED_NODES_MISSING', 'prometheus.yml lists no node');
  const [found, indent = '', port = ''] = last;
  const end = last.index + found.length;
  return `${text.slice(0, end)}${indent}${agencyId}${port}\n${text.slice(end)}`;
}

/** As much of package-lock.json as a workspace package changes. */
interface LockFile {
  packages: Record<string, object>;
}

interface PackageFile {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

function inOrder(packages: Record<string, object>, added: Readonly<Record<string, object>>): Record<string, object> {
  const entries = Object.entries(packages);
  for (const [key, value] of Object.entries(added)) {
    const next = entries.findIndex(([other]) => other.localeCompare(key, 'en') > 0);
    entries.splice(next === -1 ? entries.length : next, 0, [key, value]);
  }
  return Object.fromEntries(entries);
}

/**
 * The lock file with one workspace package more, as npm writes it: its link and its dependencies, which are all of this
 * workspace, so nothing is to be fetched.
 *
 * @param folder from the workspace, `services/shelter`
 * @param packageText its package.json
 */
export function withWorkspacePackage(text: string, folder: string, packageText: string): string {
  const lock = JSON.parse(text) as LockFile;
  const { name, version, dependencies } = JSON.parse(packageText) as PackageFile;
  const sorted = Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => a.localeCompare(b, 'en')));
  lock.packages = inOrder(lock.packages, {
    [`node_modules/${name}`]: { resolved: folder, link: true },
    [folder]: { name, version, dependencies: sorted },
  });
  return `${JSON.stringify(lock, null, 2)}\n`;
}
