import type { JsonObject } from '@acogida/core';
import type { AppendRequest, NewEvent } from '@acogida/event-store';
import type { ExecuteOptions } from './procedure-handler.ts';

type Deciding<C, S, E extends { readonly type: string; readonly data: object }> = Pick<
  ExecuteOptions<C, S, E>,
  'procedure' | 'id' | 'actor' | 'correlationId' | 'causation'
>;

/** Decides, folds on, and maps each event to what it publishes with the state right after it. */
export function decideOn<C, S, E extends { readonly type: string; readonly data: object }>(
  { command, ...options }: Deciding<C, S, E> & { readonly command: C },
  loaded: { readonly version: number; readonly state: S },
): { readonly request: AppendRequest; readonly state: S } {
  return decideAllOn(options, [command], loaded);
}

/** The same for several commands, each on what those before it did. */
export function decideAllOn<C, S, E extends { readonly type: string; readonly data: object }>(
  { procedure, id, actor, correlationId, causation }: Deciding<C, S, E>,
  commands: readonly C[],
  loaded: { readonly version: number; readonly state: S },
): { readonly request: AppendRequest; readonly state: S } {
  let { state } = loaded;
  const events = commands.flatMap((command) =>
    procedure.decider.decide(command, state).map((event): NewEvent => {
      state = procedure.decider.evolve(state, event);
      return {
        type: event.type,
        schemaVersion: procedure.versions[event.type as E['type']],
        data: event.data as JsonObject,
        publish: procedure.publish(event, state),
      };
    }),
  );
  const metadata = { actor, correlationId, causation };
  const stream = `${procedure.name}-${id}`;
  const caseId = procedure.caseOf(state, id);
  return { request: { stream, expectedVersion: loaded.version, events, metadata, caseId, state }, state };
}
