import { PropagateToLogFilter, RECEIVED_BATCH_PATTERN, type ReceivedBatch } from '@acogida/event-log';
import { Controller, Inject, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { NODE_RUNTIME } from '../tokens.ts';
import type { NodeRuntime } from './node-runtime.ts';

/** Hands what other agencies published to the inbox. A failure goes back to the log, which delivers the batch again. */
@Controller()
@UseFilters(PropagateToLogFilter)
export class ReceivedBatchController {
  constructor(@Inject(NODE_RUNTIME) private readonly node: NodeRuntime) {}

  @EventPattern(RECEIVED_BATCH_PATTERN)
  async receive(@Payload() batch: ReceivedBatch): Promise<void> {
    await this.node.inbox.receive(batch.topic, batch.records);
  }
}
