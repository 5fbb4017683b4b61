import {
  COMPLETION_RESULTS,
  type CompletionResult,
  FAILURE_REASONS,
  type FailureReason,
  REJECT_REASONS,
  type RejectReason,
} from '@acogida/reference';
import { isTakenBack, MERGE_TABLE, type ProxiedAnswer, type Referral } from '@acogida/referral';

/** One answer that can be chosen: the step, with its reason where it has one. Each is one radio button, so none depends on another. */
export type AnswerOption =
  | 'ACKNOWLEDGE'
  | 'HOLD'
  | 'ACCEPT'
  | `REJECT.${RejectReason}`
  | 'START'
  | `COMPLETE.${CompletionResult}`
  | `FAIL.${FailureReason}`;

const REJECTIONS = REJECT_REASONS.map((reason) => `REJECT.${reason}` as const);
const COMPLETIONS = COMPLETION_RESULTS.map((result) => `COMPLETE.${result}` as const);

function failures(referral: Referral): readonly AnswerOption[] {
  const reasons = FAILURE_REASONS.filter((reason) => reason !== 'CANCELLED_BY_SENDER' || isTakenBack(referral));
  return reasons.map((reason) => `FAIL.${reason}` as const);
}

/** What the receiver of a referral may answer now, by the merge table; nothing where nobody waits for an answer. */
export function optionsOf(referral: Referral): readonly AnswerOption[] {
  const { next } = MERGE_TABLE[referral.requestStatus][referral.fulfilment];
  return next.RECEIVER.flatMap((step): readonly AnswerOption[] => {
    switch (step) {
      case 'ACKNOWLEDGE':
      case 'ACCEPT':
      case 'START':
        return [step];
      case 'HOLD':
        return referral.fulfilment === 'ON_HOLD' ? [] : [step];
      case 'RESUME':
        return []; // the decision ends a hold
      case 'REJECT':
        return REJECTIONS;
      case 'COMPLETE':
        return COMPLETIONS;
      case 'FAIL':
        return failures(referral);
    }
  });
}

const PLAIN: Readonly<Record<'ACKNOWLEDGE' | 'HOLD' | 'ACCEPT' | 'START', ProxiedAnswer>> = {
  ACKNOWLEDGE: { type: 'AcknowledgeReferral' },
  HOLD: { type: 'PutReferralOnHold', reason: 'WAITLIST', information: [], expectedBy: null },
  ACCEPT: { type: 'AcceptReferral' },
  START: { type: 'StartService' },
};

function isPlain(option: AnswerOption): option is keyof typeof PLAIN {
  return option in PLAIN;
}

/** The step that an option stands for. */
export function answerOf(option: AnswerOption): ProxiedAnswer {
  return isPlain(option) ? PLAIN[option] : reasonedAnswer(option);
}

function reasonedAnswer(option: Exclude<AnswerOption, keyof typeof PLAIN>): ProxiedAnswer {
  const [step, reason] = option.split('.') as ['REJECT' | 'COMPLETE' | 'FAIL', string];
  switch (step) {
    case 'REJECT':
      return { type: 'RejectReferral', reason: reason as RejectReason, alternativeAgency: null };
    case 'COMPLETE':
      return { type: 'CompleteReferral', result: reason as CompletionResult };
    case 'FAIL':
      return { type: 'FailReferral', reason: reason as FailureReason };
  }
}
