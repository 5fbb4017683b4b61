import { type Clock, DomainError } from '@acogida/core';
import { usablePublicKey } from '@acogida/sealing';
import { RequestRate } from '../answer-links/request-rate.ts';
import type { AuditConnection, AuditLog } from '../audit/audit-log.ts';
import { Problem } from '../http/problem.ts';
import { ChannelFault } from './channel-fault.ts';
import { answerClaims, type AskedQuestion, questionOf } from './channel-messages.ts';
import { type ChannelSeal, sealToKey } from './channel-seal.ts';
import type { ChannelStatements } from './channel-statement.ts';
import { HeardQuestions, type QuestionRate } from './heard-questions.ts';
import type { ChannelService } from './port.ts';

/** Far more than people leave a country in a minute. */
const DEFAULT_RATE: QuestionRate = { aMinute: 600, atOnce: 600 };
/** Entries a minute that are kept of questions that nobody has to answer for: anybody can send them. */
const KEPT_REFUSALS_A_MINUTE = 60;

/** What questions are answered with. */
export interface ChannelDeskOptions {
  readonly agencyId: string;
  readonly statements: ChannelStatements;
  readonly seal: ChannelSeal;
  readonly clock: Clock;
  readonly services: readonly ChannelService[];
  readonly audit: AuditLog;
  readonly database: AuditConnection;
  /** Told why a question was not answered; a code. */
  readonly onRefused: (reason: string) => void;
  /** How many one agency is answered; 600 a minute when left out. */
  readonly rate?: QuestionRate;
}

/** A question whose signature was verified. */
interface Authenticated {
  readonly from: string;
  readonly asked: AskedQuestion;
  /** As it was signed. */
  readonly question: string;
}

/**
 * Answers what other agencies ask on the channel. Whoever asks is told nothing of why a question is not answered; the audit keeps it.
 * A question may come twice, or be sent again by somebody who listens: its service answers the same.
 */
export class ChannelDesk {
  readonly #options: ChannelDeskOptions;
  readonly #heard: HeardQuestions;
  readonly #kept: RequestRate;

  /** @throws RangeError two services of one topic */
  constructor(options: ChannelDeskOptions) {
    const topics = new Set(options.services.map(({ topic }) => topic));
    if (topics.size < options.services.length) throw new RangeError('two channel services have one topic');
    this.#options = options;
    this.#heard = new HeardQuestions(options.clock, options.rate ?? DEFAULT_RATE);
    this.#kept = new RequestRate(options.clock, KEPT_REFUSALS_A_MINUTE);
  }

  /**
   * The envelope of the answer to that of a question.
   *
   * @throws Problem 401 `CHANNEL.NOT_AUTHENTICATED`, 404 `CHANNEL.TOPIC_UNKNOWN`, 422 `CHANNEL.REFUSED`, 429, 503
   */
  async answer(envelope: string): Promise<string> {
    const { from, asked, question } = await this.#authenticated(envelope);
    if (!this.#heard.takes(from, asked)) {
      this.#options.onRefused('TOO_MANY');
      throw new Problem(429, 'TOO_MANY_REQUESTS', 'slow down and try again later');
    }
    const service = this.#options.services.find(({ topic }) => topic === asked.topic);
    if (service === undefined) {
      await this.#refused('TOPIC_UNKNOWN', from);
      throw new Problem(404, 'CHANNEL.TOPIC_UNKNOWN', 'this node is not asked that');
    }
    const { statements } = this.#options;
    if (!statements.canSign()) throw noKey(); // before the service is asked: it might grant what nobody hears of
    const body = await this.#of(service, from, asked);
    const answer = await statements.sign('answer', from, answerClaims(asked, question, body));
    if (answer === null) throw noKey();
    return sealToKey(usablePublicKey(asked.replyTo), answer);
  }

  async #authenticated(envelope: string): Promise<Authenticated> {
    const { seal, statements } = this.#options;
    try {
      const question = await seal.open(envelope);
      if (question === null) throw new ChannelFault('NOT_FOR_US');
      const { from, claims } = await statements.verify('request', question);
      const asked = questionOf(claims, from);
      requireUsable(asked.replyTo, from);
      return { from, asked, question };
    } catch (error) {
      if (!(error instanceof ChannelFault)) throw error;
      await this.#refused(error.reason, error.claimed);
      throw new Problem(401, 'CHANNEL.NOT_AUTHENTICATED', 'this is not the question of an agency of the network');
    }
  }

  async #of(service: ChannelService, from: string, { requestId, body }: AskedQuestion) {
    try {
      return await service.answer(from, requestId, body);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.#refused(error.code, from);
      throw new Problem(422, 'CHANNEL.REFUSED', 'the question is not answered');
    }
  }

  async #refused(reason: string, agency: string | null): Promise<void> {
    const { agencyId, audit, database, clock, onRefused } = this.#options;
    onRefused(reason);
    if (!this.#kept.takes(agency ?? '')) return;
    await audit.record(database, {
      ...{ at: clock.now(), actor: `${agencyId}.channel`, kind: 'CHANNEL_REFUSED', caseId: null, consentId: null },
      details: [...(agency === null ? [] : [`agency:${agency}`]), `reason:${reason}`],
    });
  }
}

function noKey(): Problem {
  return new Problem(503, 'CHANNEL.NO_KEY', 'this agency has no transport key to answer with');
}

/** @throws ChannelFault `MALFORMED` a key that no secret can be agreed with */
function requireUsable(replyTo: string, from: string): void {
  try {
    usablePublicKey(replyTo);
  } catch {
    throw new ChannelFault('MALFORMED', from);
  }
}
