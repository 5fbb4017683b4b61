import type { Decider, Instant } from '@acogida/core';
import { refusal } from './refusal.ts';
import {
  isSameCapacity,
  isSameServiceEntry,
  NEVER_TOLD,
  requireCapacity,
  requireServiceEntry,
  type ServiceCapacity,
  type ServiceEntry,
} from './service-entry.ts';

/** Events of `directory-service-<serviceId>`. `ServiceListed` comes again when the entry changes. */
export type ServiceEvent =
  | { readonly type: 'ServiceListed'; readonly data: ServiceEntry & { readonly capacity: ServiceCapacity } }
  | { readonly type: 'CapacityUpdated'; readonly data: ServiceCapacity };

/** A capacity as it is told: `updated` null when nobody said since when, `at` the time of telling. */
export type ToldCapacity = ServiceCapacity & { readonly at: Instant };

/** What is asked of the entry. */
export type ServiceCommand =
  /** A capacity of null says nothing of it: it stays as known. */
  | { readonly type: 'ListService'; readonly entry: ServiceEntry; readonly capacity: ToldCapacity | null }
  | { readonly type: 'ReviseService'; readonly entry: ServiceEntry; readonly capacity: ToldCapacity }
  | ({ readonly type: 'UpdateCapacity' } & ToldCapacity);

/** A service as listed; null before. */
export type ServiceState = { readonly entry: ServiceEntry; readonly capacity: ServiceCapacity } | null;

function known(state: ServiceState): NonNullable<ServiceState> {
  if (state === null) throw refusal('DIRECTORY.SERVICE_UNKNOWN', 'there is no such service', 'not-found');
  return state;
}

/**
 * The capacity from now on, or null when nothing new was said. The same told again without a date says nothing; with a later
 * date it says that it is still so.
 */
function nextCapacity({ at, ...told }: ToldCapacity, before: ServiceCapacity | null): ServiceCapacity | null {
  requireCapacity(told);
  if (told.updated !== null && told.updated > at) {
    throw refusal('DIRECTORY.CAPACITY_AHEAD', 'a capacity is told of what was, not of what will be');
  }
  const next: ServiceCapacity = {
    ...{ status: told.status, available: told.available, maximum: told.maximum, unit: told.unit },
    updated: told.updated ?? at,
  };
  if (before === null) return next;
  if (told.updated !== null && before.updated !== null && told.updated < before.updated) {
    throw refusal('DIRECTORY.CAPACITY_OLDER', 'a later capacity is known', 'conflict');
  }
  if (isSameCapacity(before, next) && (told.updated === null || told.updated === before.updated)) return null;
  return next;
}

function list(entry: ServiceEntry, told: ToldCapacity | null, state: ServiceState): readonly ServiceEvent[] {
  requireServiceEntry(entry);
  if (state !== null && (state.entry.agencyId !== entry.agencyId || state.entry.type !== entry.type)) {
    throw refusal('DIRECTORY.SERVICE_FIXED', 'agency and type of a service never change', 'conflict');
  }
  const capacity = told === null ? null : nextCapacity(told, state?.capacity ?? null);
  if (state !== null && isSameServiceEntry(state.entry, entry)) {
    return capacity === null ? [] : [{ type: 'CapacityUpdated', data: capacity }];
  }
  return [{ type: 'ServiceListed', data: { ...entry, capacity: capacity ?? state?.capacity ?? NEVER_TOLD } }];
}

function decide(command: ServiceCommand, state: ServiceState): readonly ServiceEvent[] {
  switch (command.type) {
    case 'ListService':
      return list(command.entry, command.capacity, state);
    case 'ReviseService':
      return list(command.entry, command.capacity, known(state));
    case 'UpdateCapacity': {
      const { type: _, ...told } = command;
      const capacity = nextCapacity(told, known(state).capacity);
      return capacity === null ? [] : [{ type: 'CapacityUpdated', data: capacity }];
    }
  }
}

function evolve(state: ServiceState, event: ServiceEvent): ServiceState {
  switch (event.type) {
    case 'ServiceListed': {
      const { capacity, ...entry } = event.data;
      return { entry, capacity };
    }
    case 'CapacityUpdated':
      return state && { ...state, capacity: event.data };
  }
}

/** A service's entry in the directory and its capacity. */
export const directoryServiceDecider: Decider<ServiceCommand, ServiceState, ServiceEvent> = {
  initialState: null,
  decide,
  evolve,
};
