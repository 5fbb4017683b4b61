import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, JsonObject } from '@acogida/core';
import { makeX25519Pair, type Randomness } from '@acogida/sealing';
import type { AuditConnection, AuditLog } from '../audit/audit-log.ts';
import { ChannelFault, type ChannelFaultReason } from './channel-fault.ts';
import { answerOf, questionClaims } from './channel-messages.ts';
import { type ChannelSeal, openWithKey } from './channel-seal.ts';
import type { ChannelStatements } from './channel-statement.ts';
import type { ChannelHosts } from './channel-hosts.ts';
import { channelUrlOf } from './channel-url.ts';
import type { AgencyChannel, ChannelAnswer, ChannelRequest, ChannelService } from './port.ts';
import { postEnvelope, type PostTarget } from './post-envelope.ts';
import { keyStandingOf, type TrustForChannel } from './transport-keys.ts';

/** What a question is asked with. */
export interface HttpAgencyChannelOptions {
  readonly agencyId: string;
  readonly trust: TrustForChannel;
  readonly statements: ChannelStatements;
  readonly seal: ChannelSeal;
  readonly randomness: Randomness;
  readonly clock: Clock;
  /** Where an agency announced that it is asked. */
  readonly addressOf: (agencyId: string) => Promise<string | null>;
  /** Where it may ask; anywhere when left out. */
  readonly hosts?: ChannelHosts;
  /** What this node answers itself. */
  readonly services: readonly ChannelService[];
  readonly audit: AuditLog;
  readonly database: AuditConnection;
  /** Told what became of each question, and how long that took. */
  readonly onAsked: (topic: string, outcome: ChannelAnswer['outcome'], tookMs: number) => void;
  /** Told why somebody was not reached, as a code; with the error that this node's own service threw. */
  readonly onUnreached: (agencyId: string, reason: string, error?: unknown) => void;
}

/** Waits before the second and the third try, in ms; there are no more. */
const RETRY_DELAYS_MS = [100, 400];
/** What may be otherwise a moment later; 401, as the other one may not have heard of a rotation yet. */
const PASSING_STATUSES: readonly number[] = [401, 408, 429, 500, 502, 503, 504];

const UNREACHABLE: ChannelAnswer = { outcome: 'UNREACHABLE' };
const UNVERIFIABLE: ChannelAnswer = { outcome: 'UNVERIFIABLE' };

/** One try: an answer, or why there is none and whether another one may bring it. */
type Try = ChannelAnswer | { readonly outcome: 'NOT_NOW'; readonly reason: string };

/**
 * Asks other agencies by HTTP: signed by this agency's transport key, sealed to the other one, and nothing is taken for its answer
 * but what it signed to this very try (architecture.md §7). Its own agency it asks without leaving the process.
 */
export class HttpAgencyChannel implements AgencyChannel {
  readonly #options: HttpAgencyChannelOptions;

  constructor(options: HttpAgencyChannelOptions) {
    this.#options = options;
  }

  /** @throws what the node's own database throws */
  async ask(agencyId: string, request: ChannelRequest, deadlineMs: number): Promise<ChannelAnswer> {
    const begunAtMs = performance.now();
    const signal = AbortSignal.timeout(Math.max(1, Math.floor(deadlineMs)));
    const isOwn = agencyId === this.#options.agencyId;
    const answer = await (isOwn ? this.#askHere(request, signal) : this.#askThere(agencyId, request, signal));
    this.#options.onAsked(request.topic, answer.outcome, performance.now() - begunAtMs);
    return answer;
  }

  async #askHere({ topic, requestId, body }: ChannelRequest, signal: AbortSignal): Promise<ChannelAnswer> {
    const { agencyId, services } = this.#options;
    const service = services.find((one) => one.topic === topic);
    if (service === undefined) return this.#unreached(agencyId, 'TOPIC_UNKNOWN');
    const isOver = Promise.withResolvers<null>();
    signal.addEventListener('abort', () => isOver.resolve(null), { once: true });
    try {
      const answered = await Promise.race([service.answer(agencyId, requestId, body), isOver.promise]);
      return answered === null ? this.#unreached(agencyId, 'DEADLINE') : { outcome: 'ANSWERED', body: answered };
    } catch (error) {
      return this.#unreached(agencyId, 'REFUSED', error);
    }
  }

  async #askThere(agencyId: string, request: ChannelRequest, signal: AbortSignal): Promise<ChannelAnswer> {
    const standing = keyStandingOf(this.#options.trust, agencyId);
    if (standing.kind !== 'IN_USE') {
      return this.#unverifiable(agencyId, standing.kind === 'ENDED' ? 'KEY_ENDED' : 'UNKNOWN_AGENCY');
    }
    const url = channelUrlOf((await this.#options.addressOf(agencyId)) ?? '');
    if (url === null) return this.#unreached(agencyId, 'NO_ADDRESS');
    const way = this.#options.hosts?.judge(url) ?? 'ALLOWED';
    if (way === 'REFUSED') return this.#unreached(agencyId, 'ADDRESS_NOT_ALLOWED');
    const target = way === 'ALLOWED' ? { url } : { url, lookup: way };
    for (let tries = 0; ; tries += 1) {
      const tried = await this.#try(agencyId, target, request, signal);
      if (tried.outcome !== 'NOT_NOW') return tried;
      const waitMs = RETRY_DELAYS_MS[tries];
      if (waitMs === undefined || !(await isStillTimeAfter(waitMs, signal))) {
        return this.#unreached(agencyId, signal.aborted ? 'DEADLINE' : tried.reason);
      }
    }
  }

  async #try(agencyId: string, target: PostTarget, request: ChannelRequest, signal: AbortSignal): Promise<Try> {
    const { statements, seal, randomness } = this.#options;
    const replyPair = makeX25519Pair(randomness);
    const question = await statements.sign('request', agencyId, questionClaims(request, replyPair.x));
    if (question === null) return this.#unreached(agencyId, 'NO_OWN_KEY');
    const envelope = await seal.sealTo(agencyId, question);
    if (envelope === null) return this.#unverifiable(agencyId, 'KEY_ENDED');
    const posted = await postEnvelope(target, envelope, signal);
    switch (posted.kind) {
      case 'FAILED':
        return { outcome: 'NOT_NOW', reason: posted.code ?? 'NO_ANSWER' };
      case 'REFUSED': {
        const reason = `STATUS_${posted.status}`;
        return PASSING_STATUSES.includes(posted.status)
          ? { outcome: 'NOT_NOW', reason }
          : this.#unreached(agencyId, reason);
      }
      case 'OVERSIZED':
        return this.#unverifiable(agencyId, 'OVERSIZED');
      case 'ANSWERED':
        return this.#verified(agencyId, { request, question }, () =>
          openWithKey(replyPair.privateKey, posted.envelope),
        );
    }
  }

  async #verified(
    agencyId: string,
    asked: { readonly request: ChannelRequest; readonly question: string },
    open: () => Promise<string | null>,
  ): Promise<ChannelAnswer> {
    let body: JsonObject;
    try {
      const answer = await open();
      if (answer === null) throw new ChannelFault('NOT_FOR_US');
      const { from, claims } = await this.#options.statements.verify('answer', answer);
      if (from !== agencyId) throw new ChannelFault('OTHER_AGENCY', from);
      body = answerOf(claims, asked.request, asked.question, from);
    } catch (error) {
      if (!(error instanceof ChannelFault)) throw error;
      return this.#unverifiable(agencyId, error.reason);
    }
    return { outcome: 'ANSWERED', body };
  }

  #unreached(agencyId: string, reason: string, error?: unknown): ChannelAnswer {
    this.#options.onUnreached(agencyId, reason, error);
    return UNREACHABLE;
  }

  async #unverifiable(agencyId: string, reason: ChannelFaultReason): Promise<ChannelAnswer> {
    const { agencyId: own, audit, database, clock } = this.#options;
    await audit.record(database, {
      ...{ at: clock.now(), actor: `${own}.channel`, kind: 'CHANNEL_UNVERIFIABLE', caseId: null, consentId: null },
      details: [`agency:${agencyId}`, `reason:${reason}`],
    });
    return UNVERIFIABLE;
  }
}

/** False where the deadline passes first. */
async function isStillTimeAfter(waitMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(waitMs, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
