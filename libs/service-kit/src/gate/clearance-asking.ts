import { DomainError, type JsonObject } from '@acogida/core';
import type { Removal } from '@acogida/reference';
import {
  type AskedClearance,
  type ClearanceAnswer,
  type IdentityElements,
  readIdentity,
  saysWho,
} from '@acogida/safeguards';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { AGENCY_CHANNEL, type AgencyChannel, type ChannelAnswer } from '../agency-channel/port.ts';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import { IDENTITY_INDEX, type IdentityIndex } from '../identity-search/identity-index.ts';
import type { LinkedIdentity } from '../safeguards/clearance-wire.ts';
import { NODE_CONFIGURATION } from '../tokens.ts';
import { clearanceAnswerOf } from './clearance-reply.ts';

/** How long an authority may take for its answer where nothing else is configured, in milliseconds. */
export const DEFAULT_CLEARANCE_DEADLINE_MS = 10_000;

/** What is asked of every authority. */
export interface ClearanceQuestion {
  readonly caseId: string;
  /** Other cases of the person, as this gate has heard. */
  readonly linkedCaseIds: readonly string[];
  readonly removal: Removal;
  /** Null where this agency keeps nothing that identifies the person. */
  readonly elements: IdentityElements | null;
  /** As what it keeps the person under other cases: an authority may know only one of these names. */
  readonly linkedElements: readonly LinkedIdentity[];
  /** Who placed a hold on this very case and is no authority of the jurisdiction: it need not be told who it is about. */
  readonly knowers: readonly string[];
  /** Agencies that are gone and in whose place one is asked. */
  readonly inPlaceOf: (authority: string) => readonly string[];
}

/** Asks authorities for clearances over the channel between agencies (architecture.md §7). */
@Injectable()
export class ClearanceAsking {
  readonly #deadlineMs: number;

  constructor(
    @Inject(AGENCY_CHANNEL) private readonly channel: AgencyChannel,
    @Inject(NODE_CONFIGURATION) configuration: Pick<NodeConfiguration, 'clearanceDeadlineMs'>,
    @Optional() @Inject(IDENTITY_INDEX) private readonly identities?: Pick<IdentityIndex, 'elementsOf'>,
  ) {
    this.#deadlineMs = configuration.clearanceDeadlineMs ?? DEFAULT_CLEARANCE_DEADLINE_MS;
  }

  /** By what an authority can look for the person. @throws DomainError CASE_ERASED */
  async elementsOf(caseId: string): Promise<IdentityElements | null> {
    return (await this.identities?.elementsOf(caseId)) ?? null;
  }

  /** As what the person is kept under other cases, where that says anything else. One that is erased meanwhile says nothing. */
  async linkedElementsOf(caseIds: readonly string[], own: IdentityElements | null): Promise<readonly LinkedIdentity[]> {
    const said = new Set([JSON.stringify(own)]);
    const found: LinkedIdentity[] = [];
    for (const caseId of caseIds) {
      const identity = await this.elementsOf(caseId).catch(ofErasedCase);
      if (identity === null || said.has(JSON.stringify(identity)) || !saysWho(readIdentity(identity))) continue;
      said.add(JSON.stringify(identity));
      found.push({ caseId, identity });
    }
    return found;
  }

  /** All at once: it takes as long as the slowest, or the deadline. Never throws for what they do. */
  askAll(asked: readonly AskedClearance[], question: ClearanceQuestion): Promise<readonly ClearanceAnswer[]> {
    return Promise.all(asked.map((one) => this.ask(one, question)));
  }

  private async ask(
    { authority, clearanceId }: AskedClearance,
    { caseId, linkedCaseIds, removal, elements, linkedElements, knowers, inPlaceOf }: ClearanceQuestion,
  ): Promise<ClearanceAnswer> {
    const isToldWho = !knowers.includes(authority);
    const identity = isToldWho ? (elements as JsonObject | null) : null;
    const identities = isToldWho ? linkedElements.map((one) => ({ ...one, identity: { ...one.identity } })) : [];
    const linked = {
      ...(linkedCaseIds.length === 0 ? {} : { linkedCaseIds }),
      ...(identities.length === 0 ? {} : { linkedIdentities: identities as unknown as JsonObject[] }),
    };
    const body = { caseId, clearanceId, removal, identity, inPlaceOf: inPlaceOf(authority), ...linked };
    const request = { topic: 'clearance', requestId: clearanceId, body } as const;
    const unreachable: ChannelAnswer = { outcome: 'UNREACHABLE' };
    const answer = await this.channel.ask(authority, request, this.#deadlineMs).catch(() => unreachable);
    return clearanceAnswerOf(clearanceId, answer);
  }
}

function ofErasedCase(error: unknown): null {
  if (error instanceof DomainError && error.code === 'CASE_ERASED') return null;
  throw error;
}
