import type { Clock } from '@acogida/core';
import {
  CatchUp,
  type EventLog,
  Inbox,
  type InboxAlarm,
  type InboxSealing,
  type Policy,
  PostgresInboxStore,
  Quarantine,
  rebuildContractProjections,
  type RebuildReport,
  StalenessWatch,
  Unlocks,
} from '@acogida/event-log';
import type { HybridClockSource } from '@acogida/event-store';
import type { LoggerService } from '@nestjs/common';
import type pg from 'pg';
import {
  type WantUnlock,
  whenKeysGrantedThenHoldThem,
  whenMemberAnnouncedThenAdmitIt,
  whenMemberRemovedThenRemoveIt,
} from '../case-keys/key-policies.ts';
import { knownAddressProjection } from '../agency-channel/known-addresses.ts';
import { PostgresAuditLog } from '../audit/audit-log.ts';
import { whenConsentExpiredThenReviewCircle } from '../circle-care/when-consent-expired-then-review-circle.ts';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import { directoryViewProjection } from '../directory-view/directory-view-projection.ts';
import { describeError } from '../logging/describe-error.ts';
import type { NodeContext, NodeDefinition } from '../node-definition.ts';
import type { Observability } from '../observability/observability.ts';
import type { LiveTrust } from '../trust/live-trust.ts';
import { followingTrust, trustProjection } from '../trust/trust-projection.ts';
import { WaitingRotations } from '../trust/waiting-rotations.ts';
import type { NodeCaseKeys } from './assemble-case-keys.ts';
import { contractReader } from './contract-reader.ts';

/** What a node makes of other agencies' events. */
export interface NodeReceiving {
  readonly inbox: Inbox;
  /** Hands what the log delivers to the inbox, and fetches what is missing before it. */
  readonly catchUp: CatchUp;
  readonly quarantine: Quarantine;
  /** Reads again what was sealed when it came, once its keys have come; to be woken at start. */
  readonly unlocks: Unlocks;
  /** Looks out for agencies that fell silent; runs from `start` on. */
  readonly staleness: StalenessWatch;
  /** Builds the read models over other agencies' events anew from the log. */
  rebuildProjections(): Promise<RebuildReport>;
}

/** What receiving is made of. */
export interface ReceivingParts {
  readonly pool: pg.Pool;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly hybridClock: HybridClockSource;
  readonly sealing: InboxSealing;
  readonly observability: Observability;
  readonly context: NodeContext;
  readonly trust: LiveTrust;
  /** Null where the node seals with the key of the network. */
  readonly caseKeys?: NodeCaseKeys | null;
  /** Events took effect: policies may have appended. */
  readonly onEffect: () => void;
}

/** Makes inbox, quarantine and watch of a node; nothing runs yet. */
export function createReceiving(
  definition: NodeDefinition,
  configuration: NodeConfiguration,
  parts: ReceivingParts,
  logger: LoggerService,
): NodeReceiving {
  const { pool, log, clock, hybridClock, sealing, observability, context, onEffect, trust, caseKeys = null } = parts;
  const { agencyId, heartbeatIntervalMs } = configuration;
  const ofPeers = caseKeys === null ? [] : [caseKeys.peers.projection(), caseKeys.auditors.projection()];
  const projections = [directoryViewProjection, knownAddressProjection, ...ofPeers, ...definition.contractProjections];
  const onAlarm = (alarm: InboxAlarm): void => {
    observability.metrics.countAlarm(alarm);
    logger.error({ msg: 'inbox alarm', alarm });
  };
  const store = new PostgresInboxStore(pool);
  const inbox = new Inbox({
    ...{ agencyId, store, sealing, clock, hybridClock, trust, onAlarm },
    onEffect: () => {
      onEffect();
      unlocks.wake();
      void trust
        .catchUp()
        .catch(() => {}) // the next statement, or a start, reads it all the same
        .then(() => caseKeys?.membership.alignment?.wake());
    },
    onReopened: () => unlocks.wake(),
    projections: [trustProjection(trust), ...projections],
    observer: observability.observer,
    reader: contractReader,
    policies: [...definition.policies(context), ...keyPoliciesOf(parts, store)],
  });
  const unlocks = new Unlocks({
    ...{ store, log, inbox },
    onError: (error) => {
      logger.warn({ msg: 'what has its keys could not be read again', failure: describeError(error) });
    },
  });
  const quarantine = new Quarantine(pool, inbox);
  const waiting = new WaitingRotations({ database: pool, quarantine, trust });
  return {
    inbox,
    catchUp: new CatchUp({ store, log, inbox: followingTrust(inbox, trust, waiting) }),
    ...{ quarantine, unlocks },
    staleness: new StalenessWatch({ pool, clock, sources: () => trust.others(), heartbeatIntervalMs, onAlarm }),
    rebuildProjections: () => rebuildContractProjections({ pool, log, sealing, reader: contractReader, projections }),
  };
}

/** How a node reacts to the keys that others grant; it does not where it seals with the key of the network. */
function keyPoliciesOf({ caseKeys = null, context }: ReceivingParts, store: PostgresInboxStore): readonly Policy[] {
  if (caseKeys === null) return [];
  const { judge, hasSay, introductions, care } = caseKeys.membership;
  const options = {
    ...{ store: caseKeys.store, circles: caseKeys.circles, audit: new PostgresAuditLog() },
    ...{ judge, hasSay, introductions },
    wantUnlock: (...wanted: Parameters<WantUnlock>) => store.wantUnlock(...wanted),
  };
  return [
    whenKeysGrantedThenHoldThem(context, options),
    whenMemberAnnouncedThenAdmitIt(context, options),
    whenMemberRemovedThenRemoveIt(context, options),
    whenConsentExpiredThenReviewCircle(context, care),
  ];
}
