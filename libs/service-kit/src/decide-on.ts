import type { JsonObject } from '@acogida/core';
import type { AppendRequest, NewEvent } from '@acogida/event-store';
import type { ExecuteOptions } from './procedure-handler.ts';

/** Decides, folds on, and maps each event to what it publishes with the state right after it. */
export function decideOn<C, S, E extends { readonly type: string; readonly data: object }>(
  options: Omit<ExecuteOptions<C, S, E>, 'expectedVersion' | 'idempotency'>,
  loaded: { readonly version: number; readonly state: S },
): { readonly request: AppendRequest; readonly state: S } {
  const { procedure, id, command, actor, correlationId, causation } = options;
  let { state } = loaded;
  const events = procedure.decider.decide(command, state).map((event): NewEvent => {
    state = procedure.decider.evolve(state, event);
    return {
      type: event.type,
      schemaVersion: procedure.versions[event.type as E['type']],
      data: event.data as JsonObject,
      publish: procedure.publish(event, state),
    };
  });
  const metadata = { actor, correlationId, causation };
  const stream = `${procedure.name}-${id}`;
  const caseId = procedure.caseOf(state, id);
  return { request: { stream, expectedVersion: loaded.version, events, metadata, caseId, state }, state };
}
