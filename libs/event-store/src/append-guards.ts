import { GuardMovedError } from './errors.ts';
import type { AppendRequest, StreamGuard } from './port.ts';
import { type AppendSealing, casesOf } from './store-sealing.ts';

/**
 * What a request was sealed by has moved, or a request of several that belong together lost to another process: the transaction
 * must be rolled back, and everything in it prepared again.
 */
export class BatchOutdatedError extends Error {
  override readonly name = 'BatchOutdatedError';
  /** Guards of the seal that moved. */
  readonly guards: readonly StreamGuard[];
  /** What to say when preparing again did not help. */
  readonly refusal: Error;

  constructor(refusal: Error, guards: readonly StreamGuard[] = []) {
    super('the batch has to be prepared again', { cause: refusal });
    this.guards = guards;
    this.refusal = refusal;
  }
}

const NO_GUARDS: readonly StreamGuard[] = [];

/** The guards of the keys that a request is sealed with. */
export function sealingGuardsOf(request: AppendRequest, texts: AppendSealing): readonly StreamGuard[] {
  if (texts.guardOf === undefined) return NO_GUARDS;
  return casesOf(request).flatMap((caseId) => texts.guardOf?.(caseId) ?? []);
}

/** All guards of a request. */
export function guardsOf(request: AppendRequest, texts: AppendSealing): readonly StreamGuard[] {
  const sealing = sealingGuardsOf(request, texts);
  return request.guards === undefined ? sealing : [...request.guards, ...sealing];
}

/** Guards that do not stand. @param versionOf 0 where there is no such stream */
export function movedGuards(
  guards: readonly StreamGuard[],
  versionOf: (stream: string) => number,
): readonly StreamGuard[] {
  return guards.filter(({ stream, version }) => versionOf(stream) !== version);
}

/** The streams that a batch is guarded by and does not write itself. */
export function guardedElsewhere(requests: readonly AppendRequest[], texts: AppendSealing): readonly string[] {
  const guarded = new Set(requests.flatMap((request) => guardsOf(request, texts).map(({ stream }) => stream)));
  for (const { stream } of requests) guarded.delete(stream);
  return [...guarded];
}

/** @throws GuardMovedError one of what the request was decided by does not stand */
export function refuseMovedGuards(request: AppendRequest, versionOf: (stream: string) => number): void {
  const moved = movedGuards(request.guards ?? NO_GUARDS, versionOf);
  if (moved.length > 0) throw new GuardMovedError(moved);
}

/**
 * The guards of a batch on streams that it does not write itself, for a statement that locks them; undefined when they cannot all
 * stand. Those on streams of the batch mean the version before it, which the heads say that it is written on.
 *
 * @param heads versions of the streams of the batch; what is not in it is created
 */
export function guardsToLock(
  requests: readonly AppendRequest[],
  texts: AppendSealing,
  heads: ReadonlyMap<string, { readonly version: number }>,
): readonly StreamGuard[] | undefined {
  const versions = new Map<string, number>();
  const all = requests.flatMap((request) => guardsOf(request, texts));
  if (all.length === 0) return NO_GUARDS;
  const written = new Set(requests.map(({ stream }) => stream));
  for (const { stream, version } of all) {
    const standing = written.has(stream) ? (heads.get(stream)?.version ?? 0) : (versions.get(stream) ?? version);
    if (standing !== version) return undefined;
    if (written.has(stream)) continue;
    if (version === 0) return undefined; // nobody can lock what is not there
    versions.set(stream, version);
  }
  return [...versions].map(([stream, version]) => ({ stream, version }));
}
