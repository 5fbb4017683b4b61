import { DomainError, type Instant } from '@acogida/core';
import { collectorsOf } from './acknowledgements.ts';
import { type Acknowledgement, type ConsentRegister, consentOf, type Holdings, type Withdrawal } from './consent.ts';
import type { ConsentCommandOf } from './consent-commands.ts';
import type { ConsentEvent } from './consent-events.ts';
import { requireHoldings } from './consent-rules.ts';
import { isSameValue } from './same-value.ts';

/** The withdrawal that already covers this one: of the same consent, or of all of the case by the same agency's word. */
function knownWithdrawal(register: ConsentRegister, consentId: string | null): Withdrawal | null {
  return consentId === null ? register.withdrawnAll : (consentOf(register, consentId)?.withdrawal ?? null);
}

/** Whether a consent given since would still be withdrawn by a word for all. */
function endsNothing(register: ConsentRegister): boolean {
  return Object.values(register.consents).every(
    ({ grantedAt, withdrawal }) => grantedAt === null || withdrawal !== null,
  );
}

/** Consents in force that were given by a clock ahead of this one: a word for all, as of now, would pass them by. */
function givenAhead({ consents }: ConsentRegister, now: Instant): readonly string[] {
  return Object.values(consents)
    .filter(({ grantedAt, withdrawal }) => grantedAt !== null && grantedAt > now && withdrawal === null)
    .map(({ consentId }) => consentId);
}

/**
 * Withdrawing needs no reason, no form and no consent that is known here: it may be lodged anywhere, and takes effect even
 * where the consent is heard of only later. A second word for all counts again: what was given since the first may not have
 * been heard of here. Together with it this agency says what it holds itself.
 */
export function withdrawConsent(
  command: ConsentCommandOf<'WithdrawConsent'>,
  register: ConsentRegister,
): readonly ConsentEvent[] {
  const { consentId, caseId, by, now, form, reason, language, interpretation, holdings, passOnTo = [] } = command;
  if (holdings !== null) requireHoldings(holdings);
  if (consentId !== null) {
    const status = consentOf(register, consentId)?.status;
    if (status === 'WITHDRAWN') return [];
    if (status === 'REQUESTED' || status === 'REFUSED')
      throw new DomainError('CONSENT.NOT_GRANTED', 'conflict', 'it was never given');
  } else if (register.withdrawnAll !== null && now <= register.withdrawnAll.withdrawnAt && endsNothing(register))
    return [];
  const withdrawal = {
    ...{ form, reason, language, interpretation, withdrawnAt: now, lodgedAt: by },
    ...(passOnTo.length === 0 ? {} : { passedOn: { by, to: passOnTo } }),
  };
  const ended = consentId === null ? [null, ...givenAhead(register, now)] : [consentId];
  return ended.flatMap((one): readonly ConsentEvent[] => {
    const withdrawn: ConsentEvent = { type: 'ConsentWithdrawn', data: { consentId: one, caseId, ...withdrawal } };
    if (holdings === null) return [withdrawn];
    const data = { consentId: one, caseId, agency: by, acknowledgedAt: now, ...holdings };
    return [withdrawn, { type: 'WithdrawalAcknowledged', data }];
  });
}

/** Heard of from another agency. Never refused: it makes what is shared less. */
export function noteWithdrawal(
  command: ConsentCommandOf<'NoteWithdrawal'>,
  register: ConsentRegister,
): readonly ConsentEvent[] {
  const { type: _, ...data } = command;
  const known = knownWithdrawal(register, data.consentId);
  const isCovered = known !== null && (data.consentId !== null || known.withdrawnAt >= data.withdrawnAt);
  return isCovered ? [] : [{ type: 'WithdrawalNoted', data }];
}

type Answers = Readonly<Record<string, Acknowledgement>>;

function answersOf(register: ConsentRegister, consentId: string | null): Answers | null {
  if (consentId === null) return register.withdrawnAll?.acknowledgements ?? null;
  return consentOf(register, consentId)?.acknowledgements ?? null;
}

function answerTo(
  answers: Answers | null,
  type: 'WithdrawalAcknowledged' | 'WithdrawalAcknowledgementNoted',
  data: Extract<ConsentEvent, { readonly type: 'WithdrawalAcknowledged' }>['data'],
): readonly ConsentEvent[] {
  const { agency, destroyed, retained } = data;
  requireHoldings(data);
  if (answers === null) throw new DomainError('CONSENT.NOT_WITHDRAWN', 'conflict', 'no such withdrawal is known here');
  const before = Object.hasOwn(answers, agency) ? answers[agency] : undefined;
  const isSame = isSameValue(before && [before.destroyed, before.retained], [destroyed, retained]);
  return isSame ? [] : [{ type, data }];
}

/** What was destroyed stays so, also when it is asked again and nothing is left of it. */
function destroyedSoFar(before: Acknowledgement | undefined, { destroyed, retained }: Holdings): Holdings['destroyed'] {
  const isNamed = (category: string): boolean =>
    destroyed.some((one) => one === category) || retained.some((one) => one.category === category);
  return [...(before?.destroyed.filter((one) => !isNamed(one)) ?? []), ...destroyed];
}

/**
 * What this agency destroyed, and what it keeps and on which basis. What was kept may be destroyed later: said again then. Whoever
 * says the withdrawal to it as well is answered too: which of them is heard first decides nothing.
 */
export function acknowledgeWithdrawal(
  command: ConsentCommandOf<'AcknowledgeWithdrawal'>,
  register: ConsentRegister,
): readonly ConsentEvent[] {
  const { consentId, caseId, by, now, retained, to } = command;
  const isWithdrawn = consentId === null || consentOf(register, consentId)?.status === 'WITHDRAWN';
  const answers = isWithdrawn ? answersOf(register, consentId) : null;
  const before = answers !== null && Object.hasOwn(answers, by) ? answers[by] : undefined;
  const { saidTo = [] } = before ?? {};
  const answer = { destroyed: destroyedSoFar(before, command), retained };
  const data = { consentId, caseId, agency: by, acknowledgedAt: now, ...answer };
  const isAnswered = to === undefined || [by, ...collectorsOf(register, data), ...saidTo].includes(to);
  const others = isAnswered ? saidTo : [...saidTo, to];
  const said = others.length === 0 ? data : { ...data, saidTo: others };
  return answerTo(isAnswered ? answers : answers && {}, 'WithdrawalAcknowledged', said);
}

/**
 * What another agency says it destroyed and keeps; each speaks for itself only. It may have heard of the withdrawal first:
 * what it says of a consent that is known here is kept until the withdrawal is.
 */
export function noteAcknowledgement(
  command: ConsentCommandOf<'NoteWithdrawalAcknowledgement'>,
  register: ConsentRegister,
): readonly ConsentEvent[] {
  const { consentId, caseId, by, at, destroyed, retained } = command;
  const data = { consentId, caseId, agency: by, acknowledgedAt: at, destroyed, retained };
  return answerTo(answersOf(register, consentId), 'WithdrawalAcknowledgementNoted', data);
}
