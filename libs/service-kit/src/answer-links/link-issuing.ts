import { DomainError, type Ids, type Instant } from '@acogida/core';
import { inTransaction, type Transaction } from '@acogida/event-store';
import type { ReceiptLanguage } from '@acogida/reference';
import { type Referral, referralProcedure } from '@acogida/referral';
import { Inject, Injectable } from '@nestjs/common';
import type { AuditLog } from '../audit/audit-log.ts';
import type { CommandContext } from '../http/command-context.ts';
import { storedKey } from '../http/command-runner.ts';
import { Problem } from '../http/problem.ts';
import type { NodeRuntime } from '../node/node-runtime.ts';
import { AUDIT_LOG, IDS, NODE_RUNTIME } from '../tokens.ts';
import { beginLink, linkAskedUnder } from './answer-link-store.ts';
import { AnswerLinks, linkExpiry } from './answer-links.ts';
import { optionsOf } from './answer-options.ts';
import { codeHashOf, makeCode, makeToken, tokenHashOf } from './link-secrets.ts';

/** A link as its issuer is told of it. Token and code are told once: they are kept nowhere. */
export interface IssuedLink {
  readonly linkId: string;
  readonly expiresAt: Instant;
  readonly secrets: { readonly token: string; readonly code: string } | null;
}

/** Issues links for referrals to agencies that the directory lists as answering by links. */
@Injectable()
export class LinkIssuing {
  constructor(
    private readonly links: AnswerLinks,
    @Inject(NODE_RUNTIME) private readonly node: Pick<NodeRuntime, 'pool' | 'context'>,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(AUDIT_LOG) private readonly audit: AuditLog,
  ) {}

  /**
   * Begins a link and ends the one before it. The same request again is told of the same link, without its secrets.
   *
   * @throws DomainError REFERRAL.UNKNOWN, REFERRAL.NOT_THE_SENDER, REFERRAL.NO_CUSTODY_BY_LINK, REFERRAL.RECEIVER_HAS_A_NODE,
   * REFERRAL.NOTHING_TO_ANSWER; Problem 422 IDEMPOTENCY_KEY_REUSED
   */
  async issue(referralId: string, language: ReceiptLanguage, context: CommandContext): Promise<IssuedLink> {
    const askedUnder = storedKey(context.actor.subject, context.idempotencyKey ?? this.ids.uuid());
    return inTransaction(this.node.pool, async (transaction) => {
      // One request at a time for a referral: the same request twice at once must find its own link.
      await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`answer-link ${referralId}`]);
      const before = await linkAskedUnder(transaction, askedUnder);
      if (before !== null) return told(before, context);
      const referral = await this.answerable(referralId);
      return this.begin(transaction, referral, language, askedUnder, context);
    });
  }

  private async begin(
    transaction: Transaction,
    referral: Referral,
    language: ReceiptLanguage,
    askedUnder: string,
    context: CommandContext,
  ): Promise<IssuedLink> {
    const { referralId, receiver: agency, caseId } = referral.request;
    const [token, code, linkId] = [makeToken(), makeCode(), this.ids.uuid()];
    const issuedAt = this.node.context.clock.now();
    const expiresAt = linkExpiry(referral, issuedAt);
    await beginLink(transaction, {
      ...{ linkId, referralId, agency, language, issuedAt, expiresAt, askedUnder },
      tokenHash: tokenHashOf(token) ?? '',
      codeHash: codeHashOf(token, code),
      fingerprint: context.fingerprint,
    });
    await this.audit.record(transaction, {
      ...{ at: issuedAt, actor: context.actor.subject, kind: 'LINK_ISSUED', caseId, consentId: null },
      details: [`link:${linkId}`, `referral:${referralId}`, `agency:${agency}`],
    });
    return { linkId, expiresAt, secrets: { token, code } };
  }

  private async answerable(referralId: string): Promise<Referral> {
    const { state } = await this.node.context.handler.load(referralProcedure, referralId);
    if (state === null) throw new DomainError('REFERRAL.UNKNOWN', 'not-found', 'there is no such referral here');
    if (state.side !== 'SENDER') {
      throw new DomainError('REFERRAL.NOT_THE_SENDER', 'forbidden', 'only the sender takes answers down');
    }
    if (state.request.transfer) {
      throw new DomainError(
        'REFERRAL.NO_CUSTODY_BY_LINK',
        'conflict',
        'custody moves only between agencies with a node',
      );
    }
    if (!(await this.links.answersByLink(state.request.receiver))) {
      throw new DomainError(
        'REFERRAL.RECEIVER_HAS_A_NODE',
        'conflict',
        'the directory does not list it as answering by links',
      );
    }
    if (optionsOf(state).length === 0) {
      throw new DomainError('REFERRAL.NOTHING_TO_ANSWER', 'conflict', 'nothing waits for an answer');
    }
    return state;
  }
}

function told(
  { link: { linkId, expiresAt }, fingerprint }: NonNullable<Awaited<ReturnType<typeof linkAskedUnder>>>,
  context: CommandContext,
): IssuedLink {
  if (fingerprint === context.fingerprint) return { linkId, expiresAt, secrets: null };
  throw new Problem(422, 'IDEMPOTENCY_KEY_REUSED', 'this Idempotency-Key was used for another request');
}
