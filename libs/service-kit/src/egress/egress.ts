import { DomainError } from '@acogida/core';
import type { OverrideReason } from '@acogida/reference';
import {
  type ConsentCommand,
  consentProcedure,
  type ConsentRegister,
  isDenyRule,
  isOfOrigin,
  judgeAsking,
  judgeReferral,
  knownConsents,
  OVERRIDE_PERMISSION,
  type PersonProfile,
  questionOfAsking,
  questionOfReferral,
  type RecipientProfile,
  referralProcedure,
  type SharedReferral,
  type SharingVerdict,
} from '@acogida/referral';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import type { AuditKind } from '../audit/audit-entry.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Actor } from '../auth/actor.ts';
import type { AgencyLeaving } from '../case-keys/leaving-reason.ts';
import { LocalDirectory } from '../directory-view/local-directory.ts';
import { hasNode } from '../has-node.ts';
import type { NodeContext } from '../node-definition.ts';
import { NOTHING_KNOWN } from '../referral-desk/case-facts.ts';
import { FactsOnRecord, type JudgedFacts } from '../referral-desk/facts-on-record.ts';
import { AUDIT_LOG, DATABASE_POOL, NODE_CONTEXT } from '../tokens.ts';
import { fallenConsent } from './stated-consent.ts';
import type { WayOut } from './ways-out.ts';

/** What is about to leave, by which way, and by whose hand. */
export interface Departure {
  readonly way: WayOut;
  readonly referral: SharedReferral;
  /** Of the person, as the receiver is told. They are judged with all that is on record here. */
  readonly facts: JudgedFacts;
  readonly actor: Pick<Actor, 'subject' | 'roles'>;
  readonly correlationId: string;
  /** Why it is to be shared although no consent allows it; null when it is not. */
  readonly override: OverrideReason | null;
}

/** Whom this agency asks for a case, and by whose hand. */
export interface Asking extends Pick<Departure, 'actor' | 'correlationId'> {
  readonly caseId: string;
  /** The agency that is asked. */
  readonly custodian: string;
}

/** What the audit says of whatever leaves. */
type Leaving = Pick<Departure, 'way' | 'actor' | 'correlationId'> & {
  readonly referral: Pick<SharedReferral, 'caseId' | 'receiver'> & Partial<Pick<SharedReferral, 'consent'>>;
};

/** A departure that may go. */
export interface Clearance {
  readonly verdict: SharingVerdict;
  /** It goes past a missing consent, for the reason that was given. */
  readonly isOverridden: boolean;
}

/**
 * What the deny rules are told of a person whom a referral is about. The person is where this agency is; what nobody here can
 * know, that no claim of asylum is open, is not assumed (INV-05: doubt denies).
 */
export function personOf({ nationalities, nationalityStatus }: JudgedFacts, presentIn: string | null): PersonProfile {
  return { nationalities, nationalityStatus, habitualResidence: null, presentIn, isAsylumOpen: true };
}

/** Why an agency is handed nothing new, in words. */
const WHY_NOT: Readonly<Record<AgencyLeaving, string>> = {
  AGENCY_CLOSED: 'this agency is closed, or another took over from it',
  AGENCY_SUSPENDED: 'the directory has suspended this agency',
  KEY_REVOKED: 'the keys of this agency were revoked',
};

/** What a departure is judged on. */
interface Grounds {
  readonly departure: Departure;
  readonly register: ConsentRegister;
  readonly recipient: RecipientProfile;
  readonly person: PersonProfile;
}

/**
 * The guard of every way out of this agency: deny rules, then consent (INV-05, INV-17, domain.md §1.3). What it refuses is
 * audited, and so is what passes it by an override; each try to reach the country of origin is put on record.
 */
@Injectable()
export class Egress {
  constructor(
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(AUDIT_LOG) private readonly audit: AuditLog,
    private readonly record: FactsOnRecord,
  ) {}

  /** The verdict alone: nothing is recorded. @throws DomainError SHARING.RECIPIENT_UNKNOWN */
  async judge(departure: Departure): Promise<SharingVerdict> {
    return this.verdictOn({ departure, ...(await this.groundsOf(departure, departure.facts)) });
  }

  /**
   * Lets a departure go, or refuses it.
   *
   * @throws DomainError `DENY.…` (forbidden) or `CONSENT.…` (conflict), with all refusals, what people here can still add and
   * how old the latest fact is in its details; CONSENT.OVERRIDE_NOT_PERMITTED; SHARING.RECIPIENT_UNKNOWN, AGENCY_CLOSED,
   * AGENCY_SUSPENDED, KEY_REVOKED; REFERRAL.RECEIVER_UNREADY
   */
  async clear(departure: Departure): Promise<Clearance> {
    const grounds: Grounds = { departure, ...(await this.groundsOf(departure, departure.facts)) };
    const verdict = this.verdictOn(grounds);
    await this.recordContact(grounds);
    if (verdict.refusals.some(isDenyRule)) throw await this.refusal(departure, verdict);
    await this.requireStanding(departure);
    const wasOverridden = departure.referral.consent.overriddenFor !== undefined;
    if (verdict.allowed || wasOverridden) return { verdict, isOverridden: wasOverridden };
    if (departure.override === null) throw await this.refusal(departure, verdict);
    await this.recordOverride(grounds, verdict, departure.override);
    return { verdict, isOverridden: true };
  }

  /**
   * Judges anew what goes out of a referral that is known here already: at its sender as when it was sent, with what is added
   * now; at its receiver by whether its consent still stands. One that was sent past a missing consent stays so.
   *
   * @param added documents that go with it now
   * @throws DomainError as `clear`; nothing where there is no such referral
   */
  async clearKnown(
    way: WayOut,
    referralId: string,
    { actor, correlationId }: Pick<Departure, 'actor' | 'correlationId'>,
    added: SharedReferral['attachments'] = [],
  ): Promise<void> {
    const { state } = await this.node.handler.load(referralProcedure, referralId.toLowerCase());
    if (state === null) return;
    const { request } = state;
    const referral = { ...request, attachments: [...request.attachments, ...added] };
    const departure = { way, referral, facts: request.facts, actor, correlationId, override: null };
    if (state.side === 'SENDER') {
      await this.clear(departure);
      return;
    }
    const fallen = await fallenConsent(this.node, state);
    if (fallen !== null) throw await this.refusal(departure, { refusals: [fallen], needs: [], asOf: null });
  }

  /**
   * Lets another agency be asked for a case: by the deny rules alone, as it is handed nothing but that the person is known here.
   *
   * @throws DomainError `DENY.…`, as `clear`; SHARING.RECIPIENT_UNKNOWN, AGENCY_CLOSED, AGENCY_SUSPENDED, KEY_REVOKED; REFERRAL.RECEIVER_UNREADY
   */
  async clearAsking({ caseId, custodian, ...by }: Asking): Promise<void> {
    const leaving: Leaving = { way: 'TRANSFER_REQUEST', referral: { caseId, receiver: custodian }, ...by };
    const { register, recipient, person } = await this.groundsOf(leaving, NOTHING_KNOWN);
    const now = this.node.clock.now();
    const question = questionOfAsking(recipient, person, by.actor.subject);
    const verdict = judgeAsking(question, knownConsents(register), recipient, person, now);
    if (isOfOrigin(recipient, person)) {
      await this.run(leaving, { type: 'RecordContactAttempt', question, recipient, person, now });
    }
    if (!verdict.allowed) throw await this.refusal(leaving, verdict);
    await this.requireStanding(leaving);
  }

  private async groundsOf(leaving: Leaving, facts: JudgedFacts): Promise<Omit<Grounds, 'departure'>> {
    const { caseId, receiver } = leaving.referral;
    const recipient = await new LocalDirectory(this.node, this.pool).recipient(receiver);
    if (recipient === null) {
      // whoever is unknown is only what somebody typed in: it may be a person's name
      await this.note('DENIED_EGRESS', leaving, ['RECIPIENT_UNKNOWN'], null);
      throw new DomainError('SHARING.RECIPIENT_UNKNOWN', 'conflict', 'nobody of this name takes part in the network');
    }
    const { state: register } = await this.node.handler.load(consentProcedure, caseId);
    const judged = await this.record.judgedWith(caseId, facts);
    return { register, recipient, person: personOf(judged, this.node.jurisdiction) };
  }

  /** Whoever takes part no more, or not now, is handed nothing new. What is exported goes to a system of this agency's choice. */
  private async requireStanding(leaving: Leaving): Promise<void> {
    const { way, referral } = leaving;
    if (way === 'FHIR_EXPORT' || referral.receiver === this.node.agencyId) return;
    const directory = new LocalDirectory(this.node, this.pool);
    const listed = await directory.agency(referral.receiver);
    const reason = directory.leavingReasonOf(referral.receiver, listed);
    if (reason === null && listed?.participation === 'NODE' && !hasNode(this.node, referral.receiver)) {
      // nobody would hear of it: neither is there a node that opens it, nor is a link made for one that has a node
      throw new DomainError('REFERRAL.RECEIVER_UNREADY', 'conflict', 'this agency has no node yet in the network');
    }
    if (reason === null) return;
    await this.note('DENIED_EGRESS', leaving, [reason]);
    throw new DomainError(`SHARING.${reason}`, 'conflict', WHY_NOT[reason]);
  }

  private verdictOn({ departure, register, recipient, person }: Grounds): SharingVerdict {
    const { jurisdiction, clock } = this.node;
    const asked = { askedBy: departure.actor.subject, country: jurisdiction, at: clock.now() };
    return judgeReferral(departure.referral, { register, recipient, person, ...asked });
  }

  /** INV-05: every try is on record, allowed or not. */
  private async recordContact(grounds: Grounds): Promise<void> {
    if (!isOfOrigin(grounds.recipient, grounds.person)) return;
    await this.run(grounds.departure, { type: 'RecordContactAttempt', ...this.contactOf(grounds) });
  }

  private async recordOverride(grounds: Grounds, verdict: SharingVerdict, reason: OverrideReason): Promise<void> {
    const { departure } = grounds;
    const permissions = departure.actor.roles;
    if (!permissions.includes(OVERRIDE_PERMISSION)) {
      await this.note('DENIED_EGRESS', departure, [...verdict.refusals, 'OVERRIDE_NOT_PERMITTED']);
    }
    await this.run(grounds.departure, { type: 'OverrideSharing', ...this.contactOf(grounds), reason, permissions });
    await this.note('OVERRIDE', departure, [`reason:${reason}`, ...verdict.refusals]);
  }

  private contactOf({ departure, recipient, person }: Grounds) {
    const question = questionOfReferral(departure.referral, recipient, person, departure.actor.subject);
    const sent = { referral: departure.referral, country: this.node.jurisdiction };
    return { question, recipient, person, sent, now: this.node.clock.now() };
  }

  private async run({ referral, actor, correlationId }: Leaving, command: ConsentCommand): Promise<void> {
    const asked = { actor: actor.subject, correlationId, causation: null };
    await this.node.handler.execute({ procedure: consentProcedure, id: referral.caseId, command, ...asked });
  }

  private async refusal(
    departure: Leaving,
    { refusals, needs, asOf }: Pick<SharingVerdict, 'refusals' | 'needs' | 'asOf'>,
  ): Promise<DomainError> {
    await this.note('DENIED_EGRESS', departure, refusals);
    if (needs.includes('SECOND_PERSON')) await this.note('SECOND_PERSON', departure, ['MISSING']);
    const [code = 'CONSENT.NONE'] = refusals;
    const [kind, message] = isDenyRule(code)
      ? (['forbidden', 'it must not go there, whatever was consented'] as const)
      : (['conflict', 'no consent in force allows it'] as const);
    return new DomainError(code, kind, message, { refusals, needs, asOf });
  }

  private note(
    kind: AuditKind,
    { way, referral, actor }: Leaving,
    codes: readonly string[],
    recipient: string | null = referral.receiver,
  ): Promise<void> {
    const named = recipient === null ? [] : [`recipient:${recipient}`];
    return this.audit.record(this.pool, {
      ...{ at: this.node.clock.now(), actor: actor.subject, kind, caseId: referral.caseId },
      details: [`way:${way}`, ...named, ...codes],
      consentId: referral.consent?.consentId ?? null,
    });
  }
}
