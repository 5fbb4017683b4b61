import type { Clock } from '@acogida/core';
import type { AnyProcedure, InlineProjection } from '@acogida/event-store';
import type { ContractProjection, Policy } from '@acogida/event-log';
import type { Provider, Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import type { ChannelService } from './agency-channel/port.ts';
import type { CaseCircles } from './case-keys/case-circles.ts';
import type { PeerKeyCare } from './case-keys/peer-key-care.ts';
import type { AnyDeadlineRule } from './deadlines/port.ts';
import type { ProcedureHandler } from './procedure-handler.ts';
import type { OwnCases } from './referral-desk/own-cases.ts';

/** Form of a service kind: the name of its folder in `services/`. */
export const SERVICE_KIND_FORMAT = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * The kind of procedure that a service is for, in `SERVICE_KIND_FORMAT`: `asylum`, `counter-trafficking`. Any text, so that a
 * new service needs no list to be changed; a node refuses to run for an agency whose network entry names another kind.
 */
export type ServiceKind = string;

/** An agency of the network, by the network's own statement. */
export interface NodeMember {
  readonly agencyId: string;
  readonly kind: ServiceKind;
  readonly name: string;
  /** ISO 3166-1 alpha-2, null for a regional agency. */
  readonly jurisdiction: string | null;
  /** Who took over from it, by order of the roots; null or left out while it is there. */
  readonly successor?: string | null;
  /** Keys that the roots let count: one without a last number still does. Left out where keys never end. */
  readonly keySets?: readonly { readonly throughNumber?: number }[];
}

/** Somebody was made to leave and should not have been (architecture.md §7). Names no case. */
export interface SafeguardAlarm {
  /** `overtaken`: before a hold could protect; `unwarranted-departure`: without a valid warrant. */
  readonly kind: 'overtaken' | 'unwarranted-departure';
  /** The agency whose gate it was. */
  readonly source: string;
  /** Which holds came too late, where they did; in the log alone. */
  readonly holdIds?: readonly string[];
}

/** What the node offers to policies when they are made: which agency this is and how to run procedures. */
export interface NodeContext {
  readonly agencyId: string;
  /** ISO 3166-1 alpha-2, null for a regional agency. */
  readonly jurisdiction: string | null;
  readonly handler: ProcedureHandler;
  /** For what a policy does on its own account; what others did has the time that they say. */
  readonly clock: Clock;
  /** Whether a restore was not attested yet: what was done before it may be forgotten here. */
  readonly awaitsAttestation?: () => boolean;
  /** Who reads along on the cases of this agency; left out where the node seals with the key of the network. */
  readonly circles?: CaseCircles;
  /** Who can be sealed to; left out where the node seals with the key of the network. */
  readonly peers?: Pick<PeerKeyCare, 'isReady' | 'refresh'>;
  /** Tells the operators at once, by metric and log; left out where nobody watches. May tell twice of what is done again. */
  readonly raiseAlarm?: (alarm: SafeguardAlarm) => void;
  /** What the service's own procedures have of a case; left out where they have nothing. */
  readonly ownCases?: OwnCases;
  /** Who takes part in the network now; what they are and offer is said by the directory (`LocalDirectory`). */
  readonly members: () => readonly NodeMember[];
}

/** All that a service says about itself; `createNodeModule` makes the running node of it. */
export interface NodeDefinition {
  readonly kind: ServiceKind;
  /** One sentence for the OpenAPI document. */
  readonly description: string;
  readonly procedures: readonly AnyProcedure[];
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
  /** TypeORM entities of the read models. */
  readonly entities: readonly Type[];
  /** Migrations of the read-model tables only. */
  readonly migrations: readonly (new () => MigrationInterface)[];
  readonly inlineProjections: readonly InlineProjection[];
  readonly contractProjections: readonly ContractProjection[];
  readonly policies: (context: NodeContext) => readonly Policy[];
  /** Time limits of its procedures, and what happens when one has passed: at most one rule for a procedure. */
  readonly deadlines?: readonly AnyDeadlineRule[];
  /**
   * Which cases its own procedures have: what it may refer, besides cases that it was given, and what it may have opened. Left
   * out: none.
   */
  readonly ownCases?: OwnCases;
  /** What the node answers other agencies beside the log: Nest providers, at most one for a topic. */
  readonly channelServices?: readonly Type<ChannelService>[];
}
