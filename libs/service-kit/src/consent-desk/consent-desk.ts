import { consentDeadlines, consentProcedure } from '@acogida/referral';
import { deadlineRule } from '../deadlines/deadline-rule.ts';
import type { NodeDefinition } from '../node-definition.ts';
import { ConsentEntity } from './consent.entity.ts';
import { consentProjection } from './consent-projection.ts';
import { Consents } from './consent-register.ts';
import { ConsentQueriesController } from './consent-queries.controller.ts';
import { ConsentsController } from './consents.controller.ts';
import { CreateConsentTable1795500000000 } from './create-consent-table.migration.ts';
import { HOLDINGS, type Holding, REFERRAL_RECORD } from './holdings.ts';
import {
  whenConsentGrantedThenNoteConsent,
  whenConsentWithdrawnThenAcknowledgeWithdrawal,
  whenReferralRequestedWithoutConsentThenReturnIt,
  whenWithdrawalAcknowledgedThenNoteIt,
} from './policies.ts';

/** When a consent has come to its end by time, that is recorded and published where it was given. */
const whenConsentEndsThenExpireIt = deadlineRule({
  procedure: consentProcedure,
  revision: 1,
  openIn: consentDeadlines,
  handle: async ({ id }, { now, run }) => {
    await run({ procedure: consentProcedure, id, command: { type: 'ExpireConsents', caseId: id, now } });
  },
});

/**
 * What every service that shares data of people adds to its `NodeDefinition`, beside the referral desk:
 *
 * ```ts
 * const consents = consentDesk([heldInTable('intake_case', 'CASE_FILE', 'PUBLIC_RECORD')]);
 * ```
 *
 * Its policies come after those of the referral desk: they judge what that took in. A service that knows its cases also
 * provides `CASE_FACTS`, and one whose procedure rests on a consent `WITHDRAWN_HERE`.
 *
 * @param holdings what the service itself keeps of a case after a withdrawal; the referral record is always among it
 */
export function consentDesk(
  holdings: readonly Holding[],
): Pick<
  Required<NodeDefinition>,
  | 'procedures'
  | 'controllers'
  | 'providers'
  | 'entities'
  | 'migrations'
  | 'inlineProjections'
  | 'policies'
  | 'deadlines'
> {
  const all = [REFERRAL_RECORD, ...holdings];
  return {
    procedures: [consentProcedure],
    controllers: [ConsentsController, ConsentQueriesController],
    providers: [Consents, { provide: HOLDINGS, useValue: all }],
    entities: [ConsentEntity],
    migrations: [CreateConsentTable1795500000000],
    inlineProjections: [consentProjection],
    policies: (context) => [
      whenConsentGrantedThenNoteConsent(context, all),
      whenConsentWithdrawnThenAcknowledgeWithdrawal(context, all),
      whenWithdrawalAcknowledgedThenNoteIt(context),
      whenReferralRequestedWithoutConsentThenReturnIt(context),
    ],
    deadlines: [whenConsentEndsThenExpireIt],
  };
}
