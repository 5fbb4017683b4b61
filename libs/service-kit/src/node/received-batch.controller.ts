import { PropagateToLogFilter, RECEIVED_BATCH_PATTERN, type ReceivedBatch } from '@acogida/event-log/transport';
import { Controller, Inject, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { NODE_RUNTIME } from '../tokens.ts';
import type { NodeRuntime } from './node-runtime.ts';

/** Policies may not decide yet: this node does not know its own latest events. The log delivers again. */
export class NotComparedError extends Error {
  override readonly name = 'NotComparedError';

  constructor() {
    super('the own topic was not compared with this database yet');
  }
}

/** Hands what other agencies published to the inbox. A failure goes back to the log, which delivers the batch again. */
@Controller()
@UseFilters(PropagateToLogFilter)
export class ReceivedBatchController {
  constructor(@Inject(NODE_RUNTIME) private readonly node: NodeRuntime) {}

  @EventPattern(RECEIVED_BATCH_PATTERN)
  async receive(@Payload() batch: ReceivedBatch): Promise<void> {
    // Before that, a restored node would react anew to what it has already answered (architecture.md §3, point 6).
    if (!this.node.hasCompared()) throw new NotComparedError();
    await this.node.catchUp.receive(batch.topic, batch.records);
  }
}
