import type { AgencyAdmittedV1Data, AgencyKeyRevokedV1Data, SuccessionOrderedV1Data } from '@acogida/contracts';
import type { Decider } from '@acogida/core';
import { refusal } from './refusal.ts';

/** Events of `trust-<agencyId>`: what the roots of the network stated of an agency, as they signed it. */
export type TrustEvent =
  | { readonly type: 'AgencyAdmitted'; readonly data: AgencyAdmittedV1Data }
  | { readonly type: 'AgencyKeyRevoked'; readonly data: AgencyKeyRevokedV1Data }
  | { readonly type: 'SuccessionOrdered'; readonly data: SuccessionOrderedV1Data };

/** Asks to publish what the roots signed. Who asks has checked the signatures. */
export type TrustCommand =
  | { readonly type: 'PublishAdmission'; readonly signed: AgencyAdmittedV1Data }
  | { readonly type: 'PublishRevocation'; readonly signed: AgencyKeyRevokedV1Data }
  | { readonly type: 'PublishSuccession'; readonly signed: SuccessionOrderedV1Data };

/** The statements that were published of an agency. */
export type TrustStatements = {
  readonly admissions: readonly AgencyAdmittedV1Data['statement'][];
  readonly revocations: readonly AgencyKeyRevokedV1Data['statement'][];
  readonly succession: SuccessionOrderedV1Data['statement'] | null;
};

/** A statement says the same, whoever signed it and in whatever order its members stand. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => isSame(one[name as keyof typeof one], other[name as keyof typeof other]))
  );
}

function decide(command: TrustCommand, state: TrustStatements): readonly TrustEvent[] {
  switch (command.type) {
    case 'PublishAdmission': {
      const { statement } = command.signed;
      const known = state.admissions.find(({ sequence }) => sequence === statement.sequence);
      if (known !== undefined && !isSame(known, statement)) {
        throw refusal('DIRECTORY.ADMISSION_DIFFERS', 'another admission has this sequence', 'conflict');
      }
      return known === undefined ? [{ type: 'AgencyAdmitted', data: command.signed }] : [];
    }
    case 'PublishRevocation': {
      const isKnown = state.revocations.some((known) => isSame(known, command.signed.statement));
      return isKnown ? [] : [{ type: 'AgencyKeyRevoked', data: command.signed }];
    }
    case 'PublishSuccession': {
      if (state.succession === null) return [{ type: 'SuccessionOrdered', data: command.signed }];
      if (isSame(state.succession, command.signed.statement)) return [];
      throw refusal('DIRECTORY.SUCCESSION_DIFFERS', 'another succession of the agency was ordered', 'conflict');
    }
  }
}

function evolve(state: TrustStatements, event: TrustEvent): TrustStatements {
  switch (event.type) {
    case 'AgencyAdmitted':
      return { ...state, admissions: [...state.admissions, event.data.statement] };
    case 'AgencyKeyRevoked':
      return { ...state, revocations: [...state.revocations, event.data.statement] };
    case 'SuccessionOrdered':
      return { ...state, succession: event.data.statement };
  }
}

/** What the roots stated of an agency, each statement published once. */
export const trustStatementsDecider: Decider<TrustCommand, TrustStatements, TrustEvent> = {
  initialState: { admissions: [], revocations: [], succession: null },
  decide,
  evolve,
};
