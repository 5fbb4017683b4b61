import { systemRandomness } from '@acogida/sealing';
import { Logger, type Provider, type Type } from '@nestjs/common';
import { ChannelController } from '../agency-channel/channel.controller.ts';
import { ChannelHosts } from '../agency-channel/channel-hosts.ts';
import { ChannelDesk } from '../agency-channel/channel-desk.ts';
import { caseKeysSeal, type ChannelSeal, developmentSeal } from '../agency-channel/channel-seal.ts';
import { ChannelStatements } from '../agency-channel/channel-statement.ts';
import { HttpAgencyChannel } from '../agency-channel/http-agency-channel.ts';
import { addressOf } from '../agency-channel/known-addresses.ts';
import { AGENCY_CHANNEL, type ChannelService } from '../agency-channel/port.ts';
import { ownTransportKey } from '../agency-channel/transport-keys.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { describeError } from '../logging/describe-error.ts';
import type { NodeDefinition } from '../node-definition.ts';
import { AUDIT_LOG } from '../tokens.ts';
import { isAsked } from './announce-address.ts';
import type { NodeRuntime } from './node-runtime.ts';

/** Many may be made to leave together. */
const AT_ONCE_MINUTES = 5;

/** Injection token of the channel services of the node's definition, in order. */
const CHANNEL_SERVICES = Symbol('acogida.channel-services');

/** The route that other agencies ask at, where the definition answers anything. */
export function channelControllers(definition: Pick<NodeDefinition, 'channelServices'>): readonly Type[] {
  return isAsked(definition) ? [ChannelController] : [];
}

/** What the node asks other agencies with, and what it answers them with. */
export function channelProviders(runtime: NodeRuntime): readonly Provider[] {
  const { configuration, definition, trust, clock, pool, observability } = runtime;
  const { agencyId, channelHosts, clearanceQuestionsAMinute: aMinute } = configuration;
  const rate = aMinute === undefined ? {} : { rate: { aMinute, atOnce: AT_ONCE_MINUTES * aMinute } };
  const ownKey = ownTransportKey(agencyId, trust, configuration.transportKeys);
  const statements = new ChannelStatements({ agencyId, trust, ownKey, clock });
  const parts = { agencyId, statements, seal: sealOf(runtime), clock, database: pool };
  const logger = new Logger('AgencyChannel');
  const metrics = observability.metrics.channel;
  if (isAsked(definition) && ownKey() === null) {
    logger.error({ msg: 'nothing can be asked or answered: no transport key of this agency is here' });
  }
  return [
    ...(definition.channelServices ?? []),
    {
      provide: CHANNEL_SERVICES,
      useFactory: (...services: ChannelService[]) => services,
      inject: [...(definition.channelServices ?? [])],
    },
    {
      provide: AGENCY_CHANNEL,
      useFactory: (services: readonly ChannelService[], audit: AuditLog) =>
        new HttpAgencyChannel({
          ...{ ...parts, trust, services, audit, randomness: systemRandomness },
          ...(channelHosts === undefined ? {} : { hosts: new ChannelHosts(channelHosts) }),
          addressOf: (other) => addressOf(pool, other),
          onAsked: (topic, outcome, tookMs) => metrics.countAsk(topic, outcome, tookMs),
          onUnreached: (other, reason, error) => {
            const failure = error === undefined ? {} : { failure: describeError(error) };
            logger.warn({ msg: 'an agency was not reached', other, reason, ...failure });
          },
        }),
      inject: [CHANNEL_SERVICES, AUDIT_LOG],
    },
    {
      provide: ChannelDesk,
      useFactory: (services: readonly ChannelService[], audit: AuditLog) =>
        new ChannelDesk({ ...parts, ...rate, services, audit, onRefused: (reason) => metrics.countRefusal(reason) }),
      inject: [CHANNEL_SERVICES, AUDIT_LOG],
    },
  ];
}

function sealOf({ configuration, caseKeys, keys, trust }: NodeRuntime): ChannelSeal {
  const { agencyId, keys: mode, sealingKey } = configuration;
  if (mode.mode !== 'cases' || caseKeys === null) return developmentSeal(sealingKey);
  return caseKeysSeal({ agencyId, trust, ring: keys.ring, peers: caseKeys.peers, sealingKeys: mode.sealingKeys });
}
