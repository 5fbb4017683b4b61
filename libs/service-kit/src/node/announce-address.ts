import { inTransaction } from '@acogida/event-store';
import type { LoggerService } from '@nestjs/common';
import { nodeAddressProcedure } from '../agency-channel/node-address.procedure.ts';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import type { NodeDefinition } from '../node-definition.ts';
import { createProcedureHandler } from '../procedure-runner.ts';
import { type AfterComparingParts, hasRecoveredSince } from './after-comparing.ts';

/** Whether other agencies can ask a node of this definition. */
export function isAsked({ channelServices = [] }: Pick<NodeDefinition, 'channelServices'>): boolean {
  return channelServices.length > 0;
}

/** What a node with channel services has beside the procedures of its definition. */
export function withChannel(definition: NodeDefinition): NodeDefinition {
  if (!isAsked(definition)) return definition;
  return { ...definition, procedures: [...definition.procedures, nodeAddressProcedure] };
}

/**
 * What a node does once its own topic was compared with its database: announces where it is asked, if it answers anything and that is
 * not what it announced last, or an older copy of the database was restored. Passes by the recovery gate: others go on asking at
 * an address of before.
 */
export function announceAddress(
  definition: Pick<NodeDefinition, 'channelServices'>,
  { publicUrl }: Pick<NodeConfiguration, 'publicUrl'>,
  { agencyId, pool, clock, ids, made }: AfterComparingParts,
  logger: LoggerService,
): () => Promise<void> {
  if (!isAsked(definition)) return async () => {};
  return async () => {
    if (publicUrl === undefined) {
      logger.warn({ msg: 'other agencies cannot ask this node: PUBLIC_URL is not set' });
      return;
    }
    if (made.store === undefined) throw new Error('the node is not made yet');
    const handler = createProcedureHandler(made.store);
    const isAnew = await hasRecoveredSince(pool, `${nodeAddressProcedure.name}-${agencyId}`, 'NodeAddressAnnounced');
    const { events } = await inTransaction(pool, (transaction) =>
      handler.executeWithin(transaction, {
        ...{ procedure: nodeAddressProcedure, id: agencyId, actor: `${agencyId}.start`, causation: null },
        ...{ correlationId: ids.uuid() },
        command: { type: 'AnnounceNodeAddress', url: publicUrl, isAnew, now: clock.now() },
      }),
    );
    if (events.length > 0) made.onEffect?.();
  };
}
