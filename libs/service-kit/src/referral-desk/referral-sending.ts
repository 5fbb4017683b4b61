import type { Clock } from '@acogida/core';
import { countryParameters } from '@acogida/reference';
import {
  type CommandOf,
  consentProcedure,
  PENDING_STATUSES,
  type ReferralConsent,
  type ReferralFacts,
  referralProcedure,
  type SharedReferral,
} from '@acogida/referral';
import type { Repository } from 'typeorm';
import { endWithoutConsent, type Stopping } from '../consent-desk/referrals-without-consent.ts';
import type { Egress } from '../egress/egress.ts';
import { statedConsent, takeOverConsent } from '../egress/stated-consent.ts';
import type { WayOut } from '../egress/ways-out.ts';
import type { CommandContext } from '../http/command-context.ts';
import type { NodeContext } from '../node-definition.ts';
import { heldTermOf, requireCustody } from './custody-opening.ts';
import type { FactsOnRecord } from './facts-on-record.ts';
import type { KnownCases } from './known-cases.ts';
import { requireNodeForCustody, requireReadyReceiver } from './ready-receiver.ts';
import type { ReferralEntity } from './referral.entity.ts';
import { referralIdOf } from './referral-id.ts';
import { withStatus } from './referral-queries.ts';
import { type RequestReferralBody } from './referral-requests.ts';
import { acting } from './referral-steps.ts';

/** What sending is made of. */
export interface SendingParts {
  readonly node: NodeContext;
  readonly clock: Clock;
  readonly egress: Pick<Egress, 'clear'>;
  readonly referrals: Repository<ReferralEntity>;
  readonly facts: FactsOnRecord;
  readonly known: KnownCases;
}

/**
 * Makes the command that sends a referral, of what a request says and what is known of the case, once the referral may leave:
 * deny rules and consent are judged here (INV-05, INV-17, domain.md §1.3), before anything is decided or recorded.
 */
export class ReferralSending {
  readonly #parts: SendingParts;

  constructor(parts: SendingParts) {
    this.#parts = parts;
  }

  /**
   * @param way by which it leaves: to be sent, or sent elsewhere after another could not take it
   * @throws DomainError REFERRAL.CASE_UNKNOWN, REFERRAL.RECEIVER_UNREADY, CUSTODY.NOT_THE_CUSTODIAN, what `statedConsent` and
   * `Egress.clear` refuse
   */
  async prepare(
    body: RequestReferralBody,
    context: CommandContext,
    way: WayOut = 'OFFER',
  ): Promise<CommandOf<'RequestReferral'>> {
    const { receiver, service, reason, transfer = false, overrideReason = null } = body;
    const { node, clock, egress, facts, known } = this.#parts;
    const caseId = body.caseId.toLowerCase(); // custody is one stream per case, however its id is written
    const { by, now } = acting(node, clock);
    const standing = await known.require(caseId); // before anything is judged, recorded or said
    const told = await facts.toldOf(caseId, body.facts);
    const referralId = referralIdOf({ sender: by, receiver, service, caseId }, await this.#countAnswered(body));
    const attachments = (body.attachments ?? []).map((attachment) => ({ ...attachment }));
    const stated: SharedReferral = {
      ...{ referralId, caseId, sender: by, receiver, service, reason, attachments, requestedAt: now },
      consent: await this.#consentFor(body, caseId),
    };
    const { actor, correlationId } = context;
    const takenOver = actor.roles.includes('import');
    const shared = takenOver ? await this.#takenOver(stated, told, context) : stated;
    const departure = { way, referral: shared, facts: told, actor, correlationId, override: overrideReason };
    const { isOverridden } = await egress.clear(departure);
    if (transfer) requireNodeForCustody(node, receiver);
    if (transfer) await requireCustody(node, context, { caseId, now, standing });
    const custodyTerm = await heldTermOf(node, caseId, standing);
    await requireReadyReceiver(node, receiver);
    return {
      ...{ type: 'RequestReferral', ...this.#commandOf(body, shared, told) },
      ...(custodyTerm !== null && { custodyTerm }),
      consent:
        isOverridden && overrideReason !== null ? { ...shared.consent, overriddenFor: overrideReason } : shared.consent,
      takenOver,
    };
  }

  /**
   * Takes back what was sent in the moment in which its consent was withdrawn: judged before that, recorded after, so that the
   * withdrawal did not find it (domain.md §1.3).
   */
  async takeBackWithoutConsent(
    referralIds: readonly string[],
    { actor, correlationId }: Pick<CommandContext, 'actor' | 'correlationId'>,
  ): Promise<void> {
    const { node } = this.#parts;
    const asked = { procedure: referralProcedure, actor: actor.subject, correlationId, causation: null };
    const run: Stopping['run'] = (id, command) => node.handler.execute({ ...asked, id, command });
    for (const referralId of referralIds) await endWithoutConsent(node, referralId, { run });
  }

  /** A consent of an earlier register is put on record with the referral that states it. */
  async #takenOver(
    stated: SharedReferral,
    { ageStatus }: ReferralFacts,
    context: CommandContext,
  ): Promise<SharedReferral> {
    const { basis, consentId } = stated.consent;
    if (basis !== 'CONSENT' || consentId !== undefined) return stated;
    return { ...stated, consent: await takeOverConsent(this.#parts.node, stated, ageStatus, context) };
  }

  /**
   * The command that keeps a request as a draft: nobody else is told of it, so nothing is judged before it is sent.
   *
   * @throws DomainError REFERRAL.CASE_UNKNOWN, what `statedConsent` refuses
   */
  async draft(body: RequestReferralBody): Promise<CommandOf<'DraftReferral'>> {
    const { receiver, service, reason } = body;
    const caseId = body.caseId.toLowerCase();
    const { node, clock, facts, known } = this.#parts;
    const { by, now } = acting(node, clock);
    await known.require(caseId);
    const told = await facts.toldOf(caseId, body.facts);
    const referralId = referralIdOf({ sender: by, receiver, service, caseId }, await this.#countAnswered(body));
    const attachments = (body.attachments ?? []).map((attachment) => ({ ...attachment }));
    const consent = await this.#consentFor(body, caseId);
    const named = { referralId, caseId, sender: by, receiver, service, reason, attachments, requestedAt: now, consent };
    return { ...{ type: 'DraftReferral', ...this.#commandOf(body, named, told) }, takenOver: false };
  }

  #commandOf({ urgency, transfer = false, groupId }: RequestReferralBody, named: SharedReferral, facts: ReferralFacts) {
    const { sender: by, requestedAt: now, ...shared } = named;
    const { referralDeadlines } = countryParameters(this.#parts.node.jurisdiction ?? '', now.slice(0, 10));
    const deadlines = referralDeadlines[urgency];
    return { ...shared, by, now, urgency, transfer, facts, groupId: groupId?.toLowerCase() ?? null, deadlines };
  }

  async #consentFor(body: RequestReferralBody, caseId: string): Promise<ReferralConsent> {
    const { consentId, consent } = body;
    const { state: register } = await this.#parts.node.handler.load(consentProcedure, caseId);
    return statedConsent({ ...(consentId && { consentId }), ...(consent && { consent }) }, register);
  }

  /** How many referrals of the same question this agency sent that do not wait for an answer any more. */
  #countAnswered({ caseId, receiver, service }: RequestReferralBody): Promise<number> {
    const select = this.#parts.referrals
      .createQueryBuilder('referral')
      .where({ direction: 'sent', caseId, receiver, service });
    withStatus(select, PENDING_STATUSES, 'NOT IN');
    return select.getCount();
  }
}
