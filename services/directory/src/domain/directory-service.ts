import { type Decider, DomainError, type DomainErrorKind } from '@acogida/core';
import { type Capacity, isCountry, isLanguage, type ReferralService } from '@acogida/reference';

/** A service that an agency offers. */
export type ServiceEntry = {
  readonly serviceId: string;
  readonly agencyId: string;
  readonly type: ReferralService;
  readonly name: string;
  /** ISO 639-3. */
  readonly languages: readonly string[];
  /** Countries served, ISO 3166-1 alpha-2. */
  readonly areas: readonly string[];
};

/** Events of `directory-service-<serviceId>`. */
export type ServiceEvent =
  | { readonly type: 'ServiceListed'; readonly data: ServiceEntry & { readonly capacity: Capacity } }
  | { readonly type: 'CapacityUpdated'; readonly data: { readonly capacity: Capacity } };

/** What is asked of the entry. */
export type ServiceCommand =
  | { readonly type: 'ListService'; readonly entry: ServiceEntry; readonly capacity: Capacity }
  | { readonly type: 'UpdateCapacity'; readonly capacity: Capacity };

/** A service as listed; null before. */
export type ServiceState = { readonly entry: ServiceEntry; readonly capacity: Capacity } | null;

function refusal(code: string, message: string, kind: DomainErrorKind = 'invalid'): DomainError {
  return new DomainError(code, kind, message);
}

function requireEntry({ name, languages, areas }: ServiceEntry): void {
  if (name.trim() === '') throw refusal('DIRECTORY.NAME_MISSING', 'a service has a name');
  if (!languages.every(isLanguage)) throw refusal('DIRECTORY.LANGUAGE_MALFORMED', 'not an ISO 639-3 code');
  if (!areas.every(isCountry)) throw refusal('DIRECTORY.COUNTRY_UNKNOWN', 'not an ISO 3166-1 code');
}

function isSameEntry(one: ServiceEntry, other: ServiceEntry): boolean {
  const text = ({ serviceId, agencyId, type, name, languages, areas }: ServiceEntry): string =>
    JSON.stringify([serviceId, agencyId, type, name, languages, areas]);
  return text(one) === text(other);
}

function decide(command: ServiceCommand, state: ServiceState): readonly ServiceEvent[] {
  switch (command.type) {
    case 'ListService': {
      const { entry, capacity } = command;
      requireEntry(entry);
      if (state !== null && (state.entry.agencyId !== entry.agencyId || state.entry.type !== entry.type)) {
        throw refusal('DIRECTORY.SERVICE_FIXED', 'agency and type of a service never change', 'conflict');
      }
      if (state !== null && isSameEntry(state.entry, entry) && state.capacity === capacity) return [];
      return [{ type: 'ServiceListed', data: { ...entry, capacity } }];
    }
    case 'UpdateCapacity':
      if (state === null) throw refusal('DIRECTORY.SERVICE_UNKNOWN', 'there is no such service', 'not-found');
      return state.capacity === command.capacity
        ? []
        : [{ type: 'CapacityUpdated', data: { capacity: command.capacity } }];
  }
}

function evolve(state: ServiceState, event: ServiceEvent): ServiceState {
  switch (event.type) {
    case 'ServiceListed': {
      const { capacity, ...entry } = event.data;
      return { entry, capacity };
    }
    case 'CapacityUpdated':
      return state && { ...state, capacity: event.data.capacity };
  }
}

/** A service's entry in the directory and its capacity. */
export const directoryServiceDecider: Decider<ServiceCommand, ServiceState, ServiceEvent> = {
  initialState: null,
  decide,
  evolve,
};
