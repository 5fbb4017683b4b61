import type { JsonObject } from '@acogida/core';

/** What agencies ask each other beside the log, each with one `ChannelService` at whoever answers. */
export type ChannelTopic = 'clearance';

/** One question to another agency. */
export interface ChannelRequest {
  readonly topic: ChannelTopic;
  /** Drawn by the asker; a question that is sent again has the same one. */
  readonly requestId: string;
  readonly body: JsonObject;
}

/** What became of a question; all but `ANSWERED` is to be taken for a refusal (architecture.md §7, Clearance). */
export type ChannelAnswer =
  /** The other agency said so: signed by it, for this agency, to this very question. */
  | { readonly outcome: 'ANSWERED'; readonly body: JsonObject }
  /** Nobody answered before the deadline, or the other one would not; or what answered cannot be shown to be that agency. */
  | { readonly outcome: 'UNREACHABLE' | 'UNVERIFIABLE' };

/** Asks another agency at once, beside the log. */
export interface AgencyChannel {
  /**
   * Asks, and again with the same `requestId` while there is time. Never throws for what the other one does.
   *
   * @param deadlineMs how long it may take in all
   */
  ask(agencyId: string, request: ChannelRequest, deadlineMs: number): Promise<ChannelAnswer>;
}

/** What answers the questions of one topic at a node; it must answer the same `requestId` of the same agency the same. */
export interface ChannelService {
  readonly topic: ChannelTopic;
  /**
   * @param from the agency that asks; its signature was verified
   * @throws DomainError the asker is told that it was refused, without the reason
   */
  answer(from: string, requestId: string, body: JsonObject): Promise<JsonObject>;
}

/** Injection token of the node's `AgencyChannel`: `@Inject(AGENCY_CHANNEL) private readonly channel: AgencyChannel`. */
export const AGENCY_CHANNEL: unique symbol = Symbol('acogida.agency-channel');
