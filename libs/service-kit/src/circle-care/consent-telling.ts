import type { Instant } from '@acogida/core';
import { type AppendRequest, StreamConflictError, type Transaction } from '@acogida/event-store';
import { consentProcedure, referralProcedure, type Referral } from '@acogida/referral';
import { decideOn } from '../decide-on.ts';
import type { ProcedureHandler } from '../procedure-handler.ts';
import type { AppendPreparation } from '../procedure-runner.ts';

/** What telling consents is made of. */
export interface ConsentTellingOptions {
  /** Stands before it: circles are opened first. */
  readonly first: AppendPreparation;
  readonly load: ProcedureHandler['load'];
  readonly now: () => Instant;
}

/**
 * Tells the receiver of a referral the consent that it is sent under, where this agency recorded it, in the same append: it knows
 * the consent before the referral is there, so that the person may withdraw it there, and of a referral that is not sent it hears
 * nothing.
 */
export class ConsentTelling implements AppendPreparation {
  readonly #options: ConsentTellingOptions;

  constructor(options: ConsentTellingOptions) {
    this.#options = options;
  }

  async before(request: AppendRequest, transaction?: Transaction): Promise<readonly AppendRequest[]> {
    const first = await this.#options.first.before(request, transaction);
    const referral = sentBy(request);
    const consentId = referral?.request.consent.consentId;
    if (referral === null || consentId === undefined) return first;
    const { caseId, receiver: to } = referral.request;
    const loaded = await this.#options.load(consentProcedure, caseId, transaction);
    const command = { type: 'TellConsent', consentId, caseId, to, now: this.#options.now() } as const;
    const told = decideOn({ procedure: consentProcedure, id: caseId, command, ...request.metadata }, loaded).request;
    return told.events.length === 0 ? first : [...first, told];
  }

  hasMoved(error: unknown, request: AppendRequest): boolean {
    const isConsent = error instanceof StreamConflictError && error.stream.startsWith(`${consentProcedure.name}-`);
    return (isConsent && sentBy(request) !== null) || this.#options.first.hasMoved(error, request);
  }
}

/** The referral that an append sends; null where it is another. */
function sentBy({ stream, events, state }: AppendRequest): Referral | null {
  const isSent =
    stream.startsWith(`${referralProcedure.name}-`) && events.some(({ type }) => type === 'ReferralRequested');
  return isSent ? (state as Referral) : null;
}
