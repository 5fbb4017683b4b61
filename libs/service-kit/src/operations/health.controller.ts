import { Controller, Get, Inject, Res } from '@nestjs/common';
import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { NODE_RUNTIME } from '../tokens.ts';
import { topicOf } from '@acogida/event-log';
import type { NodeRuntime } from '../node/node-runtime.ts';
import { Answers } from '../openapi/answers.ts';

/** Most time that a probe waits for the database or the log. */
const PROBE_TIMEOUT_MS = 2_000;

/** Answer of the health probes. */
export class HealthAnswer {
  @IsIn(['up', 'down'])
  status!: 'up' | 'down';

  /** PostgreSQL answers, and its migrations ran before this process listened. */
  @IsOptional()
  @IsBoolean()
  database?: boolean;

  /** The shared log answers. Facts are recorded without it; they are published when it is back. */
  @IsOptional()
  @IsBoolean()
  log?: boolean;

  /** The own topic was compared with the database and the relay has not given up: commands are accepted. */
  @IsOptional()
  @IsBoolean()
  relay?: boolean;

  /**
   * What came due gets its turn; absent where a node has no deadlines. Does not make it `down`: facts are recorded all the
   * same, and whoever keeps them from being recorded helps nobody.
   */
  @IsOptional()
  @IsBoolean()
  deadlines?: boolean;
}

async function answers(probe: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PROBE_TIMEOUT_MS);
  });
  const answered = probe().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answered, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** Probes for the launcher and the orchestrator. They say what is up, never why not. */
@Public()
@Controller('health')
export class HealthController {
  constructor(@Inject(NODE_RUNTIME) private readonly node: NodeRuntime) {}

  /** The process runs. */
  @Get('live')
  @StaysHere()
  @Answers(HealthAnswer)
  live(): HealthAnswer {
    return { status: 'up' };
  }

  /** The node can do its work; 503 while it cannot. */
  @Get('ready')
  @StaysHere()
  @Answers(HealthAnswer)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthAnswer> {
    const [database, log] = await Promise.all([
      answers(() => this.node.pool.query('SELECT 1')),
      answers(() => this.node.log.end(topicOf(this.node.configuration.agencyId))),
    ]);
    const relay = this.node.isRelaying();
    const status = database && log && relay ? 'up' : 'down';
    void reply.status(status === 'up' ? 200 : 503);
    const { deadlines } = this.node;
    return { status, database, log, relay, ...(deadlines && { deadlines: deadlines.isRunning() }) };
  }
}
