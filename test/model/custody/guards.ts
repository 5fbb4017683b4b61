import type { ReferralCommand } from '@acogida/referral';
import type { Property } from '../exploration/counterexample.ts';
import { type NodeRule, REAL_RULES, type Rules } from './rules.ts';
import type { CUSTODY_SCENARIOS } from './scenarios.ts';

/** A guard that is taken away. */
export interface RemovedGuard {
  /** Where that is seen. */
  readonly scenario: keyof typeof CUSTODY_SCENARIOS;
  /** What is broken first. */
  readonly breaks: Property;
  readonly rules: Rules;
}

/** Nodes that do not keep to one of their rules. */
function without(scenario: RemovedGuard['scenario'], breaks: Property, broken: NodeRule): RemovedGuard {
  return { scenario, breaks, rules: { ...REAL_RULES, broken } };
}

/** One command of a referral never has an effect. */
function ignoring(scenario: RemovedGuard['scenario'], breaks: Property, type: ReferralCommand['type']): RemovedGuard {
  const decideReferral: Rules['decideReferral'] = (command, state) =>
    command.type === type ? [] : REAL_RULES.decideReferral(command, state);
  return { scenario, breaks, rules: { ...REAL_RULES, decideReferral } };
}

const cancelsAfterRelease: Rules = {
  ...REAL_RULES,
  decideReferral: (command, state) =>
    REAL_RULES.decideReferral(
      command,
      command.type === 'CancelReferral' ? state && { ...state, custodyTerm: null } : state,
    ),
};

/** What an agency that is gone gave away counts up to another number than the roots say. */
function withLastGood(lastGoodNumber: number): Rules {
  const decideCustody: Rules['decideCustody'] = (command, state) =>
    REAL_RULES.decideCustody(command.type === 'RecordSuccession' ? { ...command, lastGoodNumber } : command, state);
  return { ...REAL_RULES, decideCustody };
}

/** Each guard of transfers, custody and consent, with what the nodes do without it. */
export const REMOVED_CUSTODY_GUARDS: Readonly<Record<string, RemovedGuard>> = {
  'a cancel after a release is refused': { scenario: 'transfer', breaks: 'CUSTODY', rules: cancelsAfterRelease },
  'what was decided of a referral on an older version is not written': without('transfer', 'CUSTODY', 'CHECKS_VERSION'),
  'a release is recorded in the custody of the case': without('twoTransfers', 'CUSTODY', 'RECORDS_RELEASE'),
  'what the receiver answered is noted': ignoring('transfer', 'SILENCE', 'NoteAcceptance'),
  'what the sender took back is noted': ignoring('transfer', 'SILENCE', 'NoteCancellation'),
  'a step that was missed is escalated': ignoring('transfer', 'SILENCE', 'EscalateReferral'),
  'what nobody answers expires': ignoring('transfer', 'SILENCE', 'ExpireReferral'),
  'what was given away after the last good number is taken back': {
    ...{ scenario: 'gone', breaks: 'CUSTODY', rules: withLastGood(1_000) },
  },
  'what was given away before stands': { scenario: 'gone', breaks: 'SILENCE', rules: withLastGood(0) },
  'a succession counts for a case that is heard of later': without('gone', 'CUSTODY', 'REMEMBERS_SUCCESSION'),
  'a release between others is kept until it is known whose the case was': without(
    'gone',
    'CUSTODY',
    'KEEPS_OVERHEARD',
  ),
  'a withdrawal ends what rests on the consent': without('withdrawal', 'WITHDRAWAL', 'ENDS_WITHOUT_CONSENT'),
  'a request that comes after the withdrawal is returned': without('withdrawal', 'WITHDRAWAL', 'RETURNS_LATE_REQUEST'),
  'a withdrawal is answered': without('withdrawal', 'WITHDRAWAL', 'ANSWERS_WITHDRAWAL'),
};
