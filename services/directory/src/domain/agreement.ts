import type { Decider } from '@acogida/core';
import {
  type AgreementKind,
  type AgreementPurpose,
  type CalendarDate,
  isAgencyId,
  isPartialDate,
} from '@acogida/reference';
import { refusal } from './refusal.ts';

/** What the parties agreed. The kind never changes: another kind is another agreement. */
export type AgreementTerms = {
  readonly agreementId: string;
  readonly kind: AgreementKind;
  readonly name: string;
  /** Agencies that are bound by it. */
  readonly parties: readonly string[];
  readonly purposes: readonly AgreementPurpose[];
  /** First and last day on which it is in force; null when it has no end. */
  readonly validFrom: CalendarDate;
  readonly validThrough: CalendarDate | null;
  /** Version of the written procedure; null when it is none. */
  readonly procedureVersion: string | null;
};

/** Events of `agreement-<agreementId>`. `AgreementListed` comes again when the terms change. */
export type AgreementEvent =
  | { readonly type: 'AgreementListed'; readonly data: AgreementTerms }
  | { readonly type: 'AgreementSuspended'; readonly data: Record<string, never> }
  | { readonly type: 'AgreementResumed'; readonly data: Record<string, never> };

/** What is asked of an agreement. To end one, give it a last day: what it was stays readable. */
export type AgreementCommand =
  | { readonly type: 'ListAgreement'; readonly terms: AgreementTerms }
  | { readonly type: 'ReviseAgreement'; readonly terms: AgreementTerms }
  | { readonly type: 'SuspendAgreement' }
  | { readonly type: 'ResumeAgreement' };

/** An agreement as listed; null before. */
export type AgreementState = { readonly terms: AgreementTerms; readonly suspended: boolean } | null;

/** Fewest and most parties of a kind. */
const PARTIES: Readonly<Record<AgreementKind, readonly [fewest: number, most: number]>> = {
  BILATERAL: [2, 2],
  TRIPARTITE: [3, 3],
  COALITION: [2, 100],
  DATA_SHARING: [2, 100],
  REFERRAL_PROCEDURE: [2, 100],
};

const DATE = /^\d{4}-\d{2}-\d{2}$/;

function isDate(text: string): boolean {
  return DATE.test(text) && isPartialDate(text);
}

function requireTerms(terms: AgreementTerms): void {
  const { kind, name, parties, purposes, validFrom, validThrough, procedureVersion } = terms;
  if (name.trim() === '') throw refusal('DIRECTORY.NAME_MISSING', 'an agreement has a name');
  const [fewest, most] = PARTIES[kind];
  const count = new Set(parties).size;
  if (!parties.every(isAgencyId) || count !== parties.length || count < fewest || count > most) {
    throw refusal('DIRECTORY.PARTIES_MALFORMED', 'an agreement has as many different parties as its kind says');
  }
  if (purposes.length === 0) throw refusal('DIRECTORY.PURPOSES_MISSING', 'an agreement says what it is for');
  if (!isDate(validFrom) || (validThrough !== null && (!isDate(validThrough) || validThrough < validFrom))) {
    throw refusal('DIRECTORY.DATES_MALFORMED', 'the last day is not before the first');
  }
  if (kind === 'REFERRAL_PROCEDURE' && (procedureVersion ?? '').trim() === '') {
    throw refusal('DIRECTORY.PROCEDURE_VERSION_MISSING', 'a written procedure has a version');
  }
}

function isSameTerms(one: AgreementTerms, other: AgreementTerms): boolean {
  const text = ({ name, parties, purposes, validFrom, validThrough, procedureVersion }: AgreementTerms): string =>
    JSON.stringify([name, parties, purposes, validFrom, validThrough, procedureVersion]);
  return text(one) === text(other);
}

function listed(state: AgreementState): NonNullable<AgreementState> {
  if (state === null) throw refusal('DIRECTORY.AGREEMENT_UNKNOWN', 'there is no such agreement', 'not-found');
  return state;
}

function withTerms(terms: AgreementTerms, state: AgreementState): readonly AgreementEvent[] {
  requireTerms(terms);
  if (state !== null && state.terms.kind !== terms.kind) {
    throw refusal('DIRECTORY.AGREEMENT_FIXED', 'the kind of an agreement never changes', 'conflict');
  }
  return state !== null && isSameTerms(state.terms, terms) ? [] : [{ type: 'AgreementListed', data: terms }];
}

function decide(command: AgreementCommand, state: AgreementState): readonly AgreementEvent[] {
  switch (command.type) {
    case 'ListAgreement':
      return withTerms(command.terms, state);
    case 'ReviseAgreement':
      return withTerms(command.terms, listed(state));
    case 'SuspendAgreement':
      return listed(state).suspended ? [] : [{ type: 'AgreementSuspended', data: {} }];
    case 'ResumeAgreement':
      return listed(state).suspended ? [{ type: 'AgreementResumed', data: {} }] : [];
  }
}

function evolve(state: AgreementState, event: AgreementEvent): AgreementState {
  switch (event.type) {
    case 'AgreementListed':
      return { suspended: false, ...state, terms: event.data };
    case 'AgreementSuspended':
      return state && { ...state, suspended: true };
    case 'AgreementResumed':
      return state && { ...state, suspended: false };
  }
}

/** An agreement between agencies: parties, purposes, dates (domain.md §2.10). */
export const agreementDecider: Decider<AgreementCommand, AgreementState, AgreementEvent> = {
  initialState: null,
  decide,
  evolve,
};
