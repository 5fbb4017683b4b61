import type { Decider } from '@acogida/core';
import { DomainError } from '@acogida/core';
import type { RotationSigned } from '@acogida/ledger';

/** Event of `agency-keys-<agencyId>`: from its number on the agency's keys are others. */
export type AgencyKeysEvent = { readonly type: 'AgencyKeysRotated'; readonly data: CountersignedRotation };

/** A rotation with the directory's signature. */
export type CountersignedRotation = {
  readonly statement: RotationSigned['statement'];
  readonly signatures: Omit<RotationSigned['signatures'], 'directory'> & {
    readonly directory: NonNullable<RotationSigned['signatures']['directory']>;
  };
};

/** Asks to go over to other keys. Who asks has checked the signatures. */
export type AgencyKeysCommand = { readonly type: 'RotateAgencyKeys'; readonly rotation: CountersignedRotation };

/** Sequence and signing key of the last rotation; null before the first. */
export type AgencyKeysState = { readonly sequence: number; readonly signingX: string } | null;

function decide({ rotation }: AgencyKeysCommand, state: AgencyKeysState): readonly AgencyKeysEvent[] {
  const { sequence, keys } = rotation.statement;
  if (state?.sequence === sequence && state.signingX === keys.signing.x) return [];
  if (state !== null && sequence <= state.sequence) {
    throw new DomainError('TRUST.SEQUENCE', 'conflict', 'the agency went over to other keys already');
  }
  return [{ type: 'AgencyKeysRotated', data: rotation }];
}

function evolve(_: AgencyKeysState, { data: { statement } }: AgencyKeysEvent): AgencyKeysState {
  return { sequence: statement.sequence, signingX: statement.keys.signing.x };
}

/** The agency's own keys, one rotation after the other. */
export const agencyKeysDecider: Decider<AgencyKeysCommand, AgencyKeysState, AgencyKeysEvent> = {
  initialState: null,
  decide,
  evolve,
};
