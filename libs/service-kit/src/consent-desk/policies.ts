import type {
  ConsentGrantedV1Data,
  ConsentWithdrawnV1Data,
  ReferralRequestedV2Data,
  WithdrawalAcknowledgedV1Data,
} from '@acogida/contracts';
import { DomainError, type Instant } from '@acogida/core';
import type { Policy, ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import type { RetentionCategory } from '@acogida/reference';
import {
  type ConsentCommand,
  consentFactsOf,
  consentOf,
  consentProcedure,
  type ConsentRegister,
  isCollectedAt,
  referralProcedure,
  type Withdrawal,
} from '@acogida/referral';
import type { NodeContext } from '../node-definition.ts';
import { destroyedBy, type Holding, holdingsUnder } from './holdings.ts';
import { passingOn } from './passing-on.ts';
import { endReferralsWithoutConsent, endWithoutConsent, type Stopping } from './referrals-without-consent.ts';
import { dataOf } from '../received-data.ts';

/** What a reaction of this desk has at hand. */
interface Reaction {
  readonly event: ReceivedEvent;
  readonly caseId: string;
  readonly run: (command: ConsentCommand) => Promise<ConsentRegister>;
  /** How it ends referrals. */
  readonly stopping: Stopping;
}

function reactionOf(context: NodeContext, policy: string, event: ReceivedEvent, transaction: Transaction): Reaction {
  const { correlationId } = event.payload;
  const caseId = event.payload.caseId?.toLowerCase();
  if (caseId === undefined) throw new DomainError('CONSENT.CASE_MISSING', 'invalid', 'a consent is about a case');
  const because = {
    actor: `${context.agencyId}.${policy}`,
    correlationId,
    causation: { source: event.source, id: event.id },
  };
  return {
    event,
    caseId,
    run: async (command) => {
      const asked = { procedure: consentProcedure, id: caseId, command, ...because };
      const { state } = await context.handler.executeWithin(transaction, asked);
      return state;
    },
    stopping: {
      ...{ lookup: transaction, transaction },
      run: (id, command) =>
        context.handler.executeWithin(transaction, { procedure: referralProcedure, id, command, ...because }),
    },
  };
}

/** Says what this agency keeps of it, where the withdrawn consent is its business. */
async function acknowledge(
  { run, caseId }: Reaction,
  register: ConsentRegister,
  answered: {
    readonly consentId: string | null;
    readonly withdrawnAt: Instant;
    readonly destroyed: readonly RetentionCategory[];
    readonly to?: string;
  },
  { agencyId, clock }: NodeContext,
  holdings: readonly Holding[],
  transaction: Transaction,
): Promise<void> {
  const { to, ...withdrawal } = answered;
  const { consentId } = withdrawal;
  const held = await holdingsUnder(register, { ...withdrawal, caseId, agencyId }, holdings, transaction);
  if (held === null) return;
  const answer = { ...held, ...(to === undefined ? {} : { to }) };
  await run({ type: 'AcknowledgeWithdrawal', by: agencyId, now: clock.now(), consentId, caseId, ...answer });
}

/**
 * Notes every consent that this node can read: it may be asked to share under it, and its withdrawal may be lodged here. One
 * that was withdrawn before it was heard of is answered at once.
 *
 * @throws DomainError (the event is quarantined) when the consent is known otherwise
 */
export function whenConsentGrantedThenNoteConsent(context: NodeContext, holdings: readonly Holding[]): Policy {
  const name = 'when-consent-granted-then-note-consent';
  return {
    name,
    on: 'ConsentGranted',
    async react(event, transaction) {
      const reaction = reactionOf(context, name, event, transaction);
      const { run, caseId } = reaction;
      const facts = consentFactsOf(dataOf<ConsentGrantedV1Data>(event), caseId);
      const register = await run({
        type: 'NoteConsent',
        by: event.source,
        at: event.payload.occurredAt,
        caseId,
        facts,
      });
      const { consentId } = facts;
      const { status, withdrawal } = consentOf(register, consentId) ?? {};
      if (status !== 'WITHDRAWN') return;
      await endReferralsWithoutConsent(context, caseId, reaction.stopping);
      const withdrawnAt = withdrawal?.withdrawnAt ?? context.clock.now();
      const nothingYet = { consentId, withdrawnAt, destroyed: [] }; // nothing came under what was not heard of
      await acknowledge(reaction, register, nothingYet, context, holdings, transaction);
    },
  };
}

/** Where it was published: no agency lodges for another. But whoever recorded the consent passes on what was lodged elsewhere. */
function lodgedAtOf(event: ReceivedEvent, register: ConsentRegister): string {
  const { consentId, lodgedAt } = dataOf<ConsentWithdrawnV1Data>(event);
  const record = consentId === null ? undefined : consentOf(register, consentId);
  return record?.recordedAt === event.source ? lodgedAt : event.source;
}

/**
 * Stops sharing under it from this moment on, passes it on to whom this agency shares the case with, ends the referrals that rest
 * on it, and says what is kept all the same. Its reason stayed where it was lodged.
 */
export function whenConsentWithdrawnThenAcknowledgeWithdrawal(
  context: NodeContext,
  holdings: readonly Holding[],
): Policy {
  const name = 'when-consent-withdrawn-then-acknowledge-withdrawal';
  return {
    name,
    on: 'ConsentWithdrawn',
    async react(event, transaction) {
      const reaction = reactionOf(context, name, event, transaction);
      const { run, caseId } = reaction;
      const { consentId, withdrawnAt, form, language, interpretation } = dataOf<ConsentWithdrawnV1Data>(event);
      const { state } = await context.handler.load(consentProcedure, caseId, transaction);
      const lodgedAt = lodgedAtOf(event, state);
      const heard = { caseId, consentId, from: event.source };
      const referrals = { node: context, lookup: transaction, transaction };
      const to = (await passingOn(referrals, heard)).filter((one) => one !== lodgedAt);
      const said = {
        ...({ withdrawnAt, lodgedAt, form, reason: 'NOT_STATED', language, interpretation } as const),
        ...(to.length === 0 ? {} : { passedOn: { by: context.agencyId, to } }),
      };
      const destroyed = await destroyedBy({ consentId, caseId, withdrawnAt }, holdings, transaction);
      const register = await run({ type: 'NoteWithdrawal', caseId, consentId, ...said });
      await endReferralsWithoutConsent(context, caseId, reaction.stopping);
      const answered = { consentId, withdrawnAt, destroyed, to: lodgedAt };
      await acknowledge(reaction, register, answered, context, holdings, transaction);
    },
  };
}

/** Returns a referral whose consent was withdrawn before it got here. Runs after it was received. */
export function whenReferralRequestedWithoutConsentThenReturnIt(context: NodeContext): Policy {
  const name = 'when-referral-requested-without-consent-then-return-it';
  return {
    name,
    on: 'ReferralRequested',
    async react(event, transaction) {
      const { receiver, referralId } = dataOf<ReferralRequestedV2Data>(event);
      if (receiver !== context.agencyId) return;
      await endWithoutConsent(context, referralId, reactionOf(context, name, event, transaction).stopping);
    },
  };
}

/** Collects the answers where the consent was recorded, and where its withdrawal was lodged or passed on: there somebody will ask. */
export function whenWithdrawalAcknowledgedThenNoteIt(context: NodeContext): Policy {
  const name = 'when-withdrawal-acknowledged-then-note-it';
  return {
    name,
    on: 'WithdrawalAcknowledged',
    async react(event, transaction) {
      const { run, caseId } = reactionOf(context, name, event, transaction);
      const { consentId, destroyed, retained } = dataOf<WithdrawalAcknowledgedV1Data>(event);
      const { state } = await context.handler.load(consentProcedure, caseId, transaction);
      const heard = { by: event.source, at: event.payload.occurredAt, caseId };
      for (const answered of collectedHere(state, { consentId, ...heard }, context.agencyId))
        await run({ type: 'NoteWithdrawalAcknowledgement', ...heard, consentId: answered, destroyed, retained });
    },
  };
}

/**
 * What an answer is kept with here: the consent, or with null the withdrawal of all. An answer to that may come before it, from
 * an agency that heard of it first: it is kept with each consent that it can be about.
 */
function collectedHere(
  register: ConsentRegister,
  { consentId, by, at }: { readonly consentId: string | null; readonly by: string; readonly at: string },
  agencyId: string,
): readonly (string | null)[] {
  const { consents, withdrawnAll } = register;
  if (consentId !== null) {
    const record = consentOf(register, consentId);
    return record !== undefined && (isCollectedAt(record, agencyId) || isPassedOn(record.withdrawal, by))
      ? [consentId]
      : [];
  }
  const own = Object.values(consents).filter(({ isOwn }) => isOwn);
  if (withdrawnAll !== null) {
    const isHere = withdrawnAll.lodgedAt === agencyId || own.length > 0 || isPassedOn(withdrawnAll, by);
    return isHere ? [null] : [];
  }
  return own.flatMap((record) => (record.grantedAt !== null && record.grantedAt <= at ? [record.consentId] : []));
}

/** Whether this agency passed it on to another. */
function isPassedOn(withdrawal: Withdrawal | null, to: string): boolean {
  return withdrawal?.passedOn?.to.includes(to) === true;
}
