import { DomainError } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import type { AgeStatus } from '@acogida/reference';
import {
  type ConsentRegister,
  consentOf,
  consentProcedure,
  fallenConsentOf,
  type FallenConsent,
  fieldsOfReferral,
  type Referral,
  type ReferralConsent,
  type SharedReferral,
} from '@acogida/referral';
import type { CommandContext } from '../http/command-context.ts';
import { nameBasedId } from '../name-based-id.ts';
import type { NodeContext } from '../node-definition.ts';

/** What a request says of the consent that it rests on. */
export interface NamedConsent {
  readonly consentId?: string;
  readonly consent?: ReferralConsent;
}

/**
 * What allows a referral, as it travels with it: by a recorded consent in the words of its record, else as stated.
 *
 * @throws DomainError REFERRAL.CONSENT_UNSTATED, REFERRAL.CONSENT_STATED_TWICE, CONSENT.NONE (nobody here knows that it was given)
 */
export function statedConsent({ consentId, consent }: NamedConsent, register: ConsentRegister): ReferralConsent {
  if (consentId === undefined) {
    if (consent === undefined)
      throw new DomainError('REFERRAL.CONSENT_UNSTATED', 'invalid', 'name the recorded consent, or say what allows it');
    const { basis, form, givenBy, childAssent, language, interpretation, grantedOn } = consent;
    return {
      ...{ basis, form, givenBy, language, grantedOn },
      ...(childAssent && { childAssent }),
      ...(interpretation && { interpretation }),
    };
  }
  if (consent !== undefined)
    throw new DomainError(
      'REFERRAL.CONSENT_STATED_TWICE',
      'invalid',
      'name the recorded consent, or say what allows it',
    );
  const record = consentOf(register, consentId.toLowerCase());
  if (record === undefined || record.facts === null || record.grantedAt === null)
    throw new DomainError('CONSENT.NONE', 'conflict', 'no such consent of this case is known here');
  const { basis, form, givenBy, language } = record.facts;
  return { basis, form, givenBy, language, grantedOn: record.grantedAt.slice(0, 10), consentId: record.consentId };
}

/** Namespace of the ids of consents that were taken over with a referral. */
const TAKEN_OVER_NAMESPACE = '0f6c9f0e-3b7d-5d0a-9a54-2d1b7c8e6f31';

/**
 * Records the consent that a referral of an earlier register states, as far as that register tells (form NOT_RECORDED): from now
 * on it can be withdrawn, and its time is counted from the taking over, which is when this agency answers for it. Taken over
 * once, whatever is repeated.
 *
 * @returns the words of the referral, with the consent's id
 * @throws DomainError as the decider refuses it
 */
export async function takeOverConsent(
  node: NodeContext,
  referral: SharedReferral,
  ageStatus: AgeStatus,
  { actor, correlationId }: Pick<CommandContext, 'actor' | 'correlationId'>,
): Promise<ReferralConsent> {
  const { caseId, receiver, service, consent } = referral;
  const { basis, givenBy, language } = consent;
  const consentId = nameBasedId(TAKEN_OVER_NAMESPACE, [referral.referralId]);
  const { state: register } = await node.handler.load(consentProcedure, caseId);
  if (consentOf(register, consentId) === undefined) {
    await node.handler.execute({
      procedure: consentProcedure,
      id: caseId,
      command: {
        type: 'GrantConsent',
        ...{ by: node.agencyId, now: node.clock.now(), consentId, caseId, basis, givenBy, language, ageStatus },
        ...{ form: 'NOT_RECORDED', interpretation: null, childAssent: 'NOT_APPLICABLE', expiresAt: null },
        ...{ explained: false, understandingChecked: false, withoutPenalty: false, takenOver: true },
        country: node.jurisdiction,
        scope: {
          ...{
            purposes: ['REFERRAL'],
            fields: fieldsOfReferral(referral),
            recipients: [receiver],
            services: [service],
          },
          history: 'CURRENT',
        },
      },
      ...{ actor: actor.subject, correlationId, causation: null },
    });
  }
  return { ...consent, consentId };
}

/**
 * Why the consent of a referral does not stand any more, as far as this node knows; null when it does. The validity is that of
 * the country of the agency that sent it.
 *
 * @param transaction in which it is asked; alone when left out
 */
export async function fallenConsent(
  node: NodeContext,
  referral: Referral,
  transaction?: Transaction,
): Promise<FallenConsent | null> {
  const { state: register } = await node.handler.load(consentProcedure, referral.request.caseId, transaction);
  return fallenIn(register, referral, node);
}

/** The same, by the register of consents as it was read. */
export function fallenIn(
  register: ConsentRegister,
  { request }: Referral,
  { members, clock }: Pick<NodeContext, 'members' | 'clock'>,
): FallenConsent | null {
  const sender = members().find(({ agencyId }) => agencyId === request.sender);
  return fallenConsentOf(request, register, sender?.jurisdiction ?? null, clock.now());
}
