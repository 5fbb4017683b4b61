import type { Clock } from '@acogida/core';
import type { RecoveryStatus } from '@acogida/event-log';
import { isTransientDatabaseError } from '@acogida/event-store';
import { Body, Controller, Get, HttpCode, Inject, Logger, Post } from '@nestjs/common';
import { type Actor, CurrentActor } from '../auth/actor.ts';
import { Roles } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { describeError } from '../logging/describe-error.ts';
import type { NodeRuntime } from '../node/node-runtime.ts';
import { Answers } from '../openapi/answers.ts';
import { CLOCK, NODE_RUNTIME } from '../tokens.ts';
import { AttestationBody, RecoveryAnswer } from './recovery-answers.ts';

/** Of trying kept events again, while others move their streams. */
const MAX_TRIES = 5;

/** Where a node stands after its database was replaced by an older copy (architecture.md §3, point 6). */
@Roles('operator')
@Controller('v1/operations/recovery')
export class RecoveryController {
  private readonly logger = new Logger('Recovery');

  constructor(
    @Inject(NODE_RUNTIME) private readonly node: NodeRuntime,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What was taken back in, and the published events whose private work was lost. */
  @Get()
  @StaysHere()
  @Answers(RecoveryAnswer)
  async status(): Promise<RecoveryStatus & { readonly awaitsAttestation: boolean }> {
    const { recovery } = this.node;
    return { ...(await recovery.status()), awaitsAttestation: recovery.awaitsAttestation() };
  }

  /**
   * Attests what private work was lost; then the streams concerned take commands again, and what was kept because of them is
   * tried again. A second one is refused, so no Idempotency-Key is needed.
   */
  @Post('attestation')
  @StaysHere()
  @HttpCode(200)
  @Answers(RecoveryAnswer)
  async attest(
    @Body() body: AttestationBody,
    @CurrentActor() actor: Actor,
  ): Promise<RecoveryStatus & { readonly awaitsAttestation: boolean }> {
    const { reason, statements } = body;
    await this.node.recovery.attest({ actor: actor.subject, reason, statements, at: this.clock.now() });
    // The attestation stands: what is kept may be retried at any time, and a second attestation would be refused.
    await this.retryKept().catch((error: unknown) => {
      this.logger.warn({ msg: 'kept events were not retried', failure: describeError(error) });
    });
    return this.status();
  }

  /** Halts are among them, for whose answers holds wait. */
  private async retryKept(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.node.quarantine.retry({});
        return;
      } catch (error) {
        if (tries === MAX_TRIES || !isTransientDatabaseError(error)) throw error;
      }
    }
  }
}
