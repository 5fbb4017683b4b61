import { DomainError, type Ids, type Instant, instantAfter } from '@acogida/core';
import { inTransaction, StreamMovedError, type Transaction } from '@acogida/event-store';
import { deadlinesOf, type Referral, type ReferralFacts, referralProcedure } from '@acogida/referral';
import { Inject, Injectable } from '@nestjs/common';
import type { AuditKind } from '../audit/audit-entry.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { LocalDirectory } from '../directory-view/local-directory.ts';
import { Egress } from '../egress/egress.ts';
import { fallenConsent } from '../egress/stated-consent.ts';
import type { NodeRuntime } from '../node/node-runtime.ts';
import { AUDIT_LOG, IDS, NODE_RUNTIME } from '../tokens.ts';
import {
  type AnswerLink,
  beginLink,
  countWrongCode,
  linkOfToken,
  markAnswered,
  markOpened,
} from './answer-link-store.ts';
import { type AnswerOption, answerOf, optionsOf } from './answer-options.ts';
import type { PageNames } from './answer-page.ts';
import { codeHashOf, isCode, makeToken, tokenHashOf } from './link-secrets.ts';

/** A link is good for a day after its deadline: who is late may still answer. */
const AFTER_DEADLINE_MS = 24 * 60 * 60 * 1000;
const MAX_ATTEMPTS = 3;

/** A link that may be used, with what it is about. */
export interface UsableLink {
  readonly link: AnswerLink;
  readonly referral: Referral;
  readonly names: PageNames;
}

/** What a link shows to who has its code. */
export interface OpenedLink extends UsableLink {
  readonly options: readonly AnswerOption[];
  readonly answerBy: Instant | null;
  /** Null where consent and deny rules do not allow them. */
  readonly facts: ReferralFacts | null;
}

/** What became of an answer. `refused`: one and the same for whatever keeps a link from being used. */
export type AnswerOutcome =
  | { readonly kind: 'refused' }
  /** The state of the referral does not allow it any more; the link is as good as before. */
  | { readonly kind: 'changed' }
  | {
      readonly kind: 'answered';
      readonly names: PageNames;
      readonly next: { readonly token: string; readonly expiresAt: Instant } | null;
    };

/** Until when a link for the next answer is good: a day after that is due, or after now where it is overdue. */
export function linkExpiry(referral: Referral, now: Instant): Instant {
  const dueAt = deadlinesOf(referral)[0]?.dueAt ?? now;
  return instantAfter(dueAt > now ? dueAt : now, AFTER_DEADLINE_MS);
}

/**
 * Opens links and takes down what is answered by them (architecture.md §6): the sender signs for an agency without a node. A
 * link is used up by an answer alone, in the transaction of the answer; looking at it consumes nothing.
 */
@Injectable()
export class AnswerLinks {
  constructor(
    @Inject(NODE_RUNTIME) private readonly node: Pick<NodeRuntime, 'pool' | 'context' | 'relay' | 'configuration'>,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(AUDIT_LOG) private readonly audit: AuditLog,
    private readonly egress: Egress,
  ) {}

  /** The agencies of a link that may be used; null for every other. Nothing is recorded. */
  async look(token: string): Promise<UsableLink | null> {
    const tokenHash = tokenHashOf(token);
    const link = tokenHash === null ? null : await linkOfToken(this.node.pool, tokenHash);
    return link === null ? null : this.usable(this.node.pool, link);
  }

  /** What a link shows; null when it cannot be used, or the code is wrong. Recorded in either case. */
  async open(token: string, code: string, correlationId: string): Promise<OpenedLink | null> {
    const admitted = await inTransaction(this.node.pool, async (transaction) => {
      const usable = await this.admit(transaction, token, code);
      if (usable === null) return null;
      await markOpened(transaction, usable.link.linkId, this.now());
      await this.note(transaction, 'LINK_OPENED', usable, []);
      return usable;
    });
    if (admitted === null) return null;
    const { referral } = admitted;
    const facts = await this.factsOf(referral, correlationId);
    const answerBy = deadlinesOf(referral)[0]?.dueAt ?? null;
    return { ...admitted, options: await this.optionsFor(referral), answerBy, facts };
  }

  /** Takes an answer down and uses the link up; where more is to be answered, the next link begins with the same code. */
  async answer(token: string, code: string, option: AnswerOption, correlationId: string): Promise<AnswerOutcome> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const outcome = await inTransaction(this.node.pool, (transaction) =>
          this.takeDown(transaction, token, code, option, correlationId),
        );
        this.node.relay.wake();
        return outcome;
      } catch (error) {
        if (error instanceof DomainError) return { kind: 'changed' };
        if (!(error instanceof StreamMovedError) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /** Whether the directory says that an agency answers by links. */
  async answersByLink(agencyId: string): Promise<boolean> {
    return (await this.listedAs(this.node.pool, agencyId)) !== null;
  }

  private async takeDown(
    transaction: Transaction,
    token: string,
    code: string,
    option: AnswerOption,
    correlationId: string,
  ): Promise<AnswerOutcome> {
    const usable = await this.admit(transaction, token, code);
    if (usable === null) return { kind: 'refused' };
    const { link, referral, names } = usable;
    if (!(await this.optionsFor(referral, transaction)).includes(option)) return { kind: 'changed' };
    const { agencyId, handler } = this.node.context;
    const now = this.now();
    const { state } = await handler.executeWithin(transaction, {
      ...{ procedure: referralProcedure, id: link.referralId, actor: this.actor(), correlationId, causation: null },
      command: { type: 'RecordProxiedAnswer', by: agencyId, now, linkId: link.linkId, answer: answerOf(option) },
    });
    await markAnswered(transaction, link.linkId, now);
    await this.note(transaction, 'LINK_ANSWERED', usable, [option]);
    const next = state === null ? null : await this.followUp(transaction, link, state, code);
    return { kind: 'answered', names, next };
  }

  /** Nobody takes a person on whose consent was withdrawn, or came to its end, since it was sent (domain.md §1.3). */
  private async optionsFor(referral: Referral, transaction?: Transaction): Promise<readonly AnswerOption[]> {
    const options = optionsOf(referral);
    const isStanding = (await fallenConsent(this.node.context, referral, transaction)) === null;
    return isStanding ? options : options.filter((option) => option !== 'ACCEPT');
  }

  private async followUp(
    transaction: Transaction,
    { referralId, agency, language }: AnswerLink,
    referral: Referral,
    code: string,
  ): Promise<{ readonly token: string; readonly expiresAt: Instant } | null> {
    if (optionsOf(referral).length === 0) return null;
    const token = makeToken();
    const issuedAt = this.now();
    const expiresAt = linkExpiry(referral, issuedAt);
    await beginLink(transaction, {
      ...{ linkId: this.ids.uuid(), referralId, agency, language, issuedAt, expiresAt },
      tokenHash: tokenHashOf(token) ?? '',
      codeHash: codeHashOf(token, code),
      ...{ askedUnder: null, fingerprint: null },
    });
    return { token, expiresAt };
  }

  /** The link of a token and its code, locked; a wrong code is counted. */
  private async admit(transaction: Transaction, token: string, code: string): Promise<UsableLink | null> {
    const tokenHash = tokenHashOf(token);
    const link = tokenHash === null ? null : await linkOfToken(transaction, tokenHash, 'FOR UPDATE');
    const usable = link === null ? null : await this.usable(transaction, link);
    if (usable === null) return null;
    if (isCode(token, code, usable.link.codeHash)) return usable;
    await countWrongCode(transaction, usable.link.linkId);
    await this.note(transaction, 'LINK_REFUSED', usable, ['WRONG_CODE']);
    return null;
  }

  private async usable(connection: Pick<Transaction, 'query'>, link: AnswerLink): Promise<UsableLink | null> {
    if (link.endedAt !== null || link.triesLeft <= 0 || link.expiresAt <= this.now()) return null;
    const agency = await this.listedAs(connection, link.agency);
    const { state: referral } = await this.node.context.handler.load(referralProcedure, link.referralId);
    if (agency === null || referral?.side !== 'SENDER' || optionsOf(referral).length === 0) return null;
    return { link, referral, names: { sender: this.node.configuration.agency.name, agency } };
  }

  /** Name of an agency that answers by links; null for any other. */
  private async listedAs(connection: Pick<Transaction, 'query'>, agencyId: string): Promise<string | null> {
    const listed = await new LocalDirectory(this.node.context, connection).agency(agencyId);
    return listed?.participation === 'LINK' && listed.status === 'ACTIVE' ? listed.name : null;
  }

  /** Consent may have been withdrawn since it was sent: judged again each time it is shown (domain.md §1.3). */
  private async factsOf({ request }: Referral, correlationId: string): Promise<ReferralFacts | null> {
    const actor = { subject: this.actor(), roles: [] };
    const departure = { referral: request, facts: request.facts, actor, correlationId, override: null };
    try {
      await this.egress.clear({ way: 'LINK_PAGE', ...departure });
      return request.facts;
    } catch (error) {
      if (error instanceof DomainError) return null; // what was refused is on record; the request can still be answered
      throw error;
    }
  }

  private note(
    transaction: Transaction,
    kind: AuditKind,
    { link, referral }: UsableLink,
    codes: readonly string[],
  ): Promise<void> {
    return this.audit.record(transaction, {
      ...{ at: this.now(), actor: this.actor(), kind, caseId: referral.request.caseId },
      details: [`link:${link.linkId}`, `referral:${link.referralId}`, `agency:${link.agency}`, ...codes],
      consentId: null,
    });
  }

  /** Nobody of this agency's staff. */
  private actor(): string {
    return `${this.node.context.agencyId}.answer-link`;
  }

  private now(): Instant {
    return this.node.context.clock.now();
  }
}
