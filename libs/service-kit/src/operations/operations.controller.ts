import {
  inboxCounts,
  type InboxCounts,
  MAX_NUMBER,
  type QuarantineEntry,
  relayCounts,
  type RelayCounts,
  type RetryResult,
} from '@acogida/event-log';
import { Body, Controller, Get, HttpCode, Inject, Param, ParseIntPipe, Post } from '@nestjs/common';
import { IsInt, IsOptional, Matches, Max, Min, ValidateIf } from 'class-validator';
import { Roles } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { AGENCY_ID_FORMAT } from '../configuration/agency.ts';
import { notFound } from '../http/problem.ts';
import type { NodeRuntime } from '../node/node-runtime.ts';
import { Answers } from '../openapi/answers.ts';
import { NODE_RUNTIME } from '../tokens.ts';
import { CountsAnswer, QuarantineEntryAnswer, RetryAnswer } from './operations-answers.ts';

/** What a node says of its own events and of those it received. */
export interface OperationsCounts {
  readonly agencyId: string;
  readonly relay: RelayCounts;
  readonly inbox: readonly InboxCounts[];
}

/** Which kept events to try again: all, those of one agency, or the lane of one event. */
export class RetryBody {
  @ValidateIf((body: RetryBody) => body.source !== undefined || body.number !== undefined)
  @Matches(AGENCY_ID_FORMAT)
  source?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_NUMBER)
  number?: number;
}

/** Routes of the people who keep the node running. They show counts and codes, never contents. */
@Roles('operator')
@Controller('v1/operations')
export class OperationsController {
  constructor(@Inject(NODE_RUNTIME) private readonly node: NodeRuntime) {}

  /** Events committed, numbered and published here, and what became of those of each other agency. */
  @Get('counts')
  @StaysHere()
  @Answers(CountsAnswer)
  async counts(): Promise<OperationsCounts> {
    const { pool, configuration, clock } = this.node;
    const { agencyId, heartbeatIntervalMs } = configuration;
    const at = { now: clock.now(), heartbeatIntervalMs };
    const [relay, inbox] = await Promise.all([relayCounts(pool), inboxCounts(pool, at)]);
    return { agencyId, relay, inbox };
  }

  /** Received events that could not take effect, at most 1000. */
  @Get('quarantine')
  @StaysHere()
  @Answers(QuarantineEntryAnswer, { page: true })
  async list(): Promise<{ readonly items: readonly QuarantineEntry[] }> {
    return { items: await this.node.quarantine.list() };
  }

  @Get('quarantine/:source/:number')
  @StaysHere()
  @Answers(QuarantineEntryAnswer)
  async show(@Param('source') source: string, @Param('number', ParseIntPipe) number: number): Promise<QuarantineEntry> {
    const entry = number > MAX_NUMBER ? undefined : await this.node.quarantine.show(source, number);
    if (entry === undefined) throw notFound('OPERATIONS.NOT_KEPT', 'no event is kept under this number');
    return entry;
  }

  /** Tries kept events again, each lane in order. Trying twice does nothing more, so no Idempotency-Key is needed. */
  @Post('quarantine/retry')
  @StaysHere()
  @HttpCode(200)
  @Answers(RetryAnswer)
  retry(@Body() body: RetryBody): Promise<RetryResult> {
    return this.node.quarantine.retry({
      ...(body.source === undefined ? {} : { source: body.source }),
      ...(body.number === undefined ? {} : { number: body.number }),
    });
  }
}
