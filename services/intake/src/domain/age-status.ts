import { DomainError } from '@acogida/core';
import type { ChildIdentifiedV1Data, PersonRegisteredV1Data } from '@acogida/contracts';

type AgeBand = PersonRegisteredV1Data['ageBand'];
type AgeStatus = PersonRegisteredV1Data['ageStatus'];

/** The first age, in completed years, at which a person is an adult (domain.md 2.5). */
export const ADULT_FROM_YEARS = 18;

const OLDEST_YEARS = 130;

function isAge(years: number | null): boolean {
  return years === null || (Number.isInteger(years) && years >= 0 && years <= OLDEST_YEARS);
}

/** Checks an age band: whole years from 0 to 130, bounds in order. @throws DomainError INTAKE.AGE_BAND_INVALID */
export function assertAgeBand(band: AgeBand): void {
  if (band === null) return;
  const { fromYears, toYears } = band;
  const inOrder = fromYears === null || toYears === null || fromYears <= toYears;
  if (!isAge(fromYears) || !isAge(toYears) || !inOrder) {
    throw new DomainError(
      'INTAKE.AGE_BAND_INVALID',
      'invalid',
      'the age band must be whole years, the lower bound first',
    );
  }
}

/**
 * The age status that a registration gives (INV-08): ADULT only when the whole band lies at or above 18 and nobody doubts it,
 * CHILD when it lies below, DISPUTED otherwise. DISPUTED is treated as CHILD everywhere.
 */
export function deriveAgeStatus(band: AgeBand, inDoubt: boolean): AgeStatus {
  if (band === null || inDoubt) return 'DISPUTED';
  if (band.fromYears !== null && band.fromYears >= ADULT_FROM_YEARS) return 'ADULT';
  if (band.toYears !== null && band.toYears < ADULT_FROM_YEARS) return 'CHILD';
  return 'DISPUTED';
}

/**
 * What is known of a child after another report: the firmer basis and the known care status stay, so that a vague report
 * never takes protection away.
 */
export function mergeChild(
  known: ChildIdentifiedV1Data | null,
  reported: ChildIdentifiedV1Data,
): ChildIdentifiedV1Data {
  if (known === null) return reported;
  return {
    basis: known.basis === 'AGE' ? 'AGE' : reported.basis,
    careStatus: reported.careStatus === 'UNKNOWN' ? known.careStatus : reported.careStatus,
  };
}
