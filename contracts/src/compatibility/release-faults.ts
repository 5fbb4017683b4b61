import type { Upcaster } from '@acogida/core';
import { contractFileOf } from '../contract-files.ts';
import { compareSchemas, type SchemaChange } from './compare-schemas.ts';

/** The schema of one event version as it stands in a file. */
export type EventSchema = Readonly<Record<string, unknown>> & {
  /** The event type. */
  readonly title: string;
};

/** Everything that readers of old events depend on. Keys are file names, `case-opened.v1.json`. */
export interface ContractRelease {
  /** `schemas/` as it is now. */
  readonly schemas: ReadonlyMap<string, EventSchema>;
  /** `released/`: the same files as they were when they were released. */
  readonly released: ReadonlyMap<string, EventSchema>;
  /** Names in `fixtures/`. */
  readonly fixtures: ReadonlySet<string>;
  readonly upcasters: readonly Pick<Upcaster, 'type' | 'fromVersion'>[];
}

/** What says which event version a schema is; none of them ever changes. */
const IDENTITY = ['$schema', '$id', 'title', 'x-class'] as const;

const versionOf = (name: string): number => Number(/\.v(\d+)\.json$/.exec(name)?.[1]);

/**
 * What is wrong with the contracts as they are now, one sentence each that says what to do; empty when every event ever
 * released stays readable, and what is written today is readable by the releases that know its version. Within a released
 * version only annotations may change (architecture.md §4: events are kept for ever and read by agencies that update later).
 */
export function releaseFaults(release: ContractRelease): readonly string[] {
  return [...changesToReleased(release), ...gapsInVersions(release), ...faultsOfUpcasters(release)];
}

function changesToReleased({ schemas, released, fixtures }: ContractRelease): readonly string[] {
  return [...released].flatMap(([name, before]): readonly string[] => {
    const after = schemas.get(name);
    if (after === undefined) {
      return [`schemas/${name} was released and is gone: events of it are on the log. Copy it back from released/.`];
    }
    return [
      ...(fixtures.has(name)
        ? []
        : [`fixtures/${name} is gone: it proves that released events are read. Put it back.`]),
      ...IDENTITY.filter((keyword) => before[keyword] !== after[keyword]).map(
        (keyword) =>
          `schemas/${name} #/${keyword}: ${JSON.stringify(before[keyword])} became ${JSON.stringify(after[keyword])}. ` +
          'It names the released version and stays; another name is another event.',
      ),
      ...compareSchemas(before, after)
        .filter(({ pointer }) => pointer !== '#/x-class')
        .map((change) => describeChange(name, before.title, change)),
    ];
  });
}

function describeChange(name: string, type: string, change: SchemaChange): string {
  const next = contractFileOf(type, versionOf(name) + 1);
  return (
    `schemas/${name} ${change.pointer}: ${change.change}. ${CONSEQUENCES[change.effect]} ` +
    `Take it back, and make the change in schemas/${next} with an upcaster from ${versionOf(name)}.`
  );
}

const CONSEQUENCES = {
  NARROWS: 'Events on the log that were valid would be refused.',
  WIDENS: 'Agencies that have not updated would refuse what is written now.',
  UNKNOWN: 'Events on the log, or agencies that have not updated, may be refused.',
} as const;

function versionsByType(schemas: ContractRelease['schemas']): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const [name, { title }] of schemas) found.set(title, [...(found.get(title) ?? []), versionOf(name)]);
  return found;
}

function gapsInVersions({ schemas }: ContractRelease): readonly string[] {
  return [...versionsByType(schemas)].flatMap(([type, versions]) =>
    Array.from({ length: Math.max(...versions) }, (_, index) => index + 1)
      .filter((version) => !versions.includes(version))
      .map((version) => `schemas/${contractFileOf(type, version)} is missing: versions of ${type} have no gap.`),
  );
}

function faultsOfUpcasters({ schemas, upcasters }: ContractRelease): readonly string[] {
  const current = new Map([...versionsByType(schemas)].map(([type, versions]) => [type, Math.max(...versions)]));
  const missing = [...current].flatMap(([type, newest]) =>
    Array.from({ length: newest - 1 }, (_, index) => index + 1).flatMap((version) => {
      const count = upcasters.filter((one) => one.type === type && one.fromVersion === version).length;
      if (count === 1) return [];
      return count === 0
        ? [`${type} has no upcaster from ${version} to ${version + 1}: add it to contractUpcasters.`]
        : [`${type} has ${count} upcasters from ${version}: one version is read in one way.`];
    }),
  );
  const idle = upcasters
    .filter(({ type, fromVersion }) => fromVersion < 1 || fromVersion >= (current.get(type) ?? 0))
    .map(({ type, fromVersion }) => `the upcaster of ${type} from ${fromVersion} leads to no known version.`);
  return [...missing, ...idle];
}
