import { randomUUID } from 'node:crypto';
import { type Channel, CHANNELS, ENTRY_MODES, type EntryMode } from '@acogida/reference';
import {
  BearerGuard,
  correlationIdOf,
  createNodeLogger,
  logRequests,
  NODE_CONTEXT,
  ProblemFilter,
  RequestValidationPipe,
  Roles,
  setSecurityHeaders,
  TokenVerifier,
} from '@acogida/service-kit';
import { createTestNetwork, TEST_AUDIENCE, TEST_ISSUER } from '@acogida/testing/node';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { Body, Controller, type DynamicModule, Inject, Module, Post, Res } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { IsIn, IsOptional, Matches, ValidateIf } from 'class-validator';
import type { FastifyReply } from 'fastify';
import pg from 'pg';
import type { Peer } from '../process/peer.ts';

const PARTIAL_DATE = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;
const STORE = Symbol('emmett');

type EmmettStore = ReturnType<typeof getPostgreSQLEventStore>;

/** The body of the intake's `POST /v1/cases`, validated alike. */
export class FirstContactBody {
  @Matches(/^[A-Z0-9][A-Z0-9_-]{0,39}$/)
  place!: string;

  @IsIn(CHANNELS)
  channel!: Channel;

  @ValidateIf((_: object, value: unknown) => value !== null)
  @Matches(PARTIAL_DATE)
  contactedOn!: string | null;

  @IsIn(ENTRY_MODES)
  entryMode!: EntryMode;

  @IsOptional()
  @Matches(PARTIAL_DATE)
  entryOn?: string | null;
}

/** The same command by Emmett: one event on a new stream, answered once it is committed. */
@Roles('border-officer')
@Controller('v1/cases')
export class EmmettCasesController {
  constructor(@Inject(STORE) private readonly store: EmmettStore) {}

  @Post()
  async open(@Body() body: FirstContactBody, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const caseId = randomUUID();
    const { place, channel, contactedOn, entryMode, entryOn = null } = body;
    const data = { caseId, place, channel, contactedOn, entryMode, entryOn };
    const { nextExpectedStreamVersion } = await this.store.appendToStream(
      `case-intake-${caseId}`,
      [{ type: 'FirstContactRecorded', data }],
      { expectedStreamVersion: 'STREAM_DOES_NOT_EXIST' },
    );
    const version = Number(nextExpectedStreamVersion);
    void reply.status(201).headers({ etag: `"${version}"`, location: `/v1/cases/${caseId}` });
    return { id: caseId, version, caseId };
  }
}

@Module({})
class EmmettModule {}

function moduleOf(store: EmmettStore, agencyId: string, tokens: TokenVerifier): DynamicModule {
  return {
    module: EmmettModule,
    controllers: [EmmettCasesController],
    providers: [
      { provide: STORE, useValue: store },
      { provide: NODE_CONTEXT, useValue: { agencyId } },
      { provide: TokenVerifier, useValue: tokens },
      { provide: APP_GUARD, useClass: BearerGuard },
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_PIPE, useClass: RequestValidationPipe },
    ],
  };
}

function createAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    genReqId: (request: { headers: Parameters<typeof correlationIdOf>[0] }) => correlationIdOf(request.headers),
    requestIdHeader: false,
    forceCloseConnections: 'idle',
  });
}

/** NestJS and Emmett behind the guard, validation, problems and logger of our nodes. Idempotency is not asked of it. */
export async function open({ databaseUrl, poolSize }: { databaseUrl: string; poolSize: number }): Promise<Peer> {
  const network = await createTestNetwork();
  const agencyId = network.agencyOf('intake');
  const pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize });
  const store = getPostgreSQLEventStore(databaseUrl, { connectionOptions: { pooled: true, pool } });
  await store.schema.migrate();
  const tokens = new TokenVerifier({ issuer: TEST_ISSUER, audience: TEST_AUDIENCE }, network.tokenKeys);
  const logger = createNodeLogger({ level: 'info', agencyId });
  const app = await NestFactory.create<NestFastifyApplication>(moduleOf(store, agencyId, tokens), createAdapter(), {
    logger,
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance();
  setSecurityHeaders(fastify);
  logRequests(fastify, logger);
  await app.listen(0, '127.0.0.1');
  return {
    operations: {
      target: async () => ({
        url: await app.getUrl(),
        token: await network.token({ agency: agencyId, roles: ['border-officer'] }),
      }),
      cpu: async () => process.cpuUsage(),
    },
    close: async () => {
      await app.close();
      await store.close();
      if (!pool.ended) await pool.end();
    },
  };
}
