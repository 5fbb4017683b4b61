import type { JsonObject } from './json.ts';

/**
 * Lifts the data of one event type from `fromVersion` to `fromVersion + 1`. Upcasters are only ever added: every
 * version ever written stays readable.
 */
export interface Upcaster {
  readonly type: string;
  readonly fromVersion: number;
  readonly upcast: (data: JsonObject) => JsonObject;
}

/** An event type or version that this code does not know: written by a newer release, to be kept, never guessed at. */
export class UnknownEventVersionError extends Error {
  override readonly name = 'UnknownEventVersionError';
  readonly type: string;
  readonly schemaVersion: number;

  constructor(type: string, schemaVersion: number) {
    super(`no reader for ${type} version ${schemaVersion}`);
    this.type = type;
    this.schemaVersion = schemaVersion;
  }
}

/**
 * Brings event data to the current version of its type by applying upcasters one version at a time.
 *
 * @throws UnknownEventVersionError when the type is unknown, the version is newer than the current one, or a step is missing
 */
export function upcastToCurrent(
  event: { readonly type: string; readonly schemaVersion: number; readonly data: JsonObject },
  currentVersions: Readonly<Record<string, number>>,
  upcasters: readonly Upcaster[],
): JsonObject {
  const current = Object.hasOwn(currentVersions, event.type) ? currentVersions[event.type] : undefined;
  if (current === undefined || event.schemaVersion > current || event.schemaVersion < 1) {
    throw new UnknownEventVersionError(event.type, event.schemaVersion);
  }
  let data = event.data;
  for (let version = event.schemaVersion; version < current; version += 1) {
    const step = upcasters.find((candidate) => candidate.type === event.type && candidate.fromVersion === version);
    if (step === undefined) throw new UnknownEventVersionError(event.type, version);
    data = step.upcast(data);
  }
  return data;
}
