import { DomainError, type Instant } from '@acogida/core';
import type { CaseGrantState } from './procedures.ts';
import type { CaseKeysEvent, GrantedCase, KeysGranted } from './case-keys-events.ts';

/** Most cases of one grant: its seal holds no more text. */
export const CASES_PER_GRANT = 100;

/** Grants an auditor the keys of the cases that a flush opened. */
export interface CaseGrantCommand {
  readonly type: 'GrantCases';
  readonly grantId: string;
  readonly to: string;
  readonly cases: readonly GrantedCase[];
  readonly now: Instant;
}

/** @throws DomainError `KEYS.GRANT_SIZE` */
export function decideCaseGrant(command: CaseGrantCommand, state: CaseGrantState): readonly KeysGranted[] {
  if (state.isGranted) return [];
  const { grantId, to, cases, now } = command;
  if (cases.length === 0 || cases.length > CASES_PER_GRANT) {
    throw new DomainError('KEYS.GRANT_SIZE', 'invalid', 'a grant is of one case at least, and of a hundred at most');
  }
  return [{ type: 'KeysGranted', data: { grantId, to, under: 'offer-key', cases, grantedAt: now } }];
}

/** An epoch that begins: what auditors are granted of it stands in the event. */
export type BeginningOfEpoch = Extract<CaseKeysEvent, { readonly type: 'CaseOpenedForKeys' | 'EpochBegun' }>;

/**
 * What each auditor is to be granted of the epochs that one flush begins, at most `CASES_PER_GRANT` cases at a time: one seal
 * for all of them, not one for each case, since opening a case must not wait for as many key agreements as there are auditors.
 *
 * @param holder this agency
 */
export function auditorGrants(
  begun: readonly BeginningOfEpoch[],
  holder: string,
): readonly { readonly to: string; readonly cases: readonly GrantedCase[] }[] {
  const byAuditor = new Map<string, GrantedCase[]>();
  for (const event of begun) {
    const { caseId, subject, keyIds, auditors } = event.data;
    const epoch = event.type === 'CaseOpenedForKeys' ? 1 : event.data.epoch;
    for (const { agency, audiences, isGranted } of auditors) {
      if (!isGranted) continue;
      const keys = audiences.map((audience) => ({ subject, audience, epoch, keyId: keyIds[audience] }));
      const cases = byAuditor.get(agency) ?? [];
      cases.push({ caseId, holder, keys, roster: [], chains: [] });
      byAuditor.set(agency, cases);
    }
  }
  return [...byAuditor].flatMap(([to, cases]) =>
    Array.from({ length: Math.ceil(cases.length / CASES_PER_GRANT) }, (_, page) => ({
      to,
      cases: cases.slice(page * CASES_PER_GRANT, (page + 1) * CASES_PER_GRANT),
    })),
  );
}
