import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PostgresAuditLog } from '../audit/audit-log.ts';
import { BearerGuard } from '../auth/bearer.guard.ts';
import { TokenVerifier } from '../auth/token-verifier.ts';
import { Egress } from '../egress/egress.ts';
import { ErasuresController } from '../erasure/erasures.controller.ts';
import { CommandRunner } from '../http/command-runner.ts';
import { JointCommands } from '../http/joint-commands.ts';
import { RelayingGuard } from '../http/relaying.guard.ts';
import { ProblemFilter } from '../http/problem.filter.ts';
import { RequestValidationPipe } from '../http/validation.ts';
import type { NodeDefinition } from '../node-definition.ts';
import { AgenciesController } from '../operations/agencies.controller.ts';
import { HealthController } from '../operations/health.controller.ts';
import { OperationsController } from '../operations/operations.controller.ts';
import { RecoveryController } from '../operations/recovery.controller.ts';
import {
  AUDIT_LOG,
  CLOCK,
  DATABASE_POOL,
  EVENT_LOG,
  EVENT_STORE,
  IDS,
  NODE_CONFIGURATION,
  NODE_CONTEXT,
  NODE_DEFINITION,
  NODE_RUNTIME,
  PROCEDURE_HANDLER,
} from '../tokens.ts';
import { channelControllers, channelProviders } from './channel-of-node.ts';
import type { NodeRuntime } from './node-runtime.ts';
import {
  CONNECTION_TIMEOUT_MS,
  entityPool,
  IDLE_TIMEOUT_MS,
  POOL_SIZE,
  STATEMENT_TIMEOUT_MS,
} from './open-connections.ts';
import { FactsOnRecord } from '../referral-desk/facts-on-record.ts';
import { KnownCases } from '../referral-desk/known-cases.ts';
import { AgencyKeysController } from '../trust/agency-keys.controller.ts';
import { ReceivedBatchController } from './received-batch.controller.ts';

/** The module of a node; made by `createNodeModule`. */
@Module({})
export class NodeModule {}

/** All HTTP controllers of a node: those of the service and those that every node has. */
export function httpControllersOf(definition: NodeDefinition): readonly Type[] {
  return [
    ...definition.controllers,
    HealthController,
    OperationsController,
    RecoveryController,
    AgenciesController,
    AgencyKeysController,
    ErasuresController,
    ...channelControllers(definition),
  ];
}

function partsOf(runtime: NodeRuntime): Provider[] {
  return [
    { provide: NODE_RUNTIME, useValue: runtime },
    { provide: NODE_CONFIGURATION, useValue: runtime.configuration },
    { provide: NODE_DEFINITION, useValue: runtime.definition },
    { provide: NODE_CONTEXT, useValue: runtime.context },
    { provide: CLOCK, useValue: runtime.clock },
    { provide: IDS, useValue: runtime.ids },
    { provide: DATABASE_POOL, useValue: runtime.pool },
    { provide: EVENT_STORE, useValue: runtime.store },
    { provide: EVENT_LOG, useValue: runtime.log },
    { provide: PROCEDURE_HANDLER, useValue: runtime.context.handler },
    { provide: TokenVerifier, useValue: runtime.tokens },
  ];
}

/** The Nest module of a node: deny-by-default guard, validation, problems, entities, and the service's own parts. */
export function createNodeModule(runtime: NodeRuntime): DynamicModule {
  const { configuration, definition } = runtime;
  const entities = [...definition.entities];
  return {
    module: NodeModule,
    imports: [
      TypeOrmModule.forRoot({
        ...entityPool(configuration.databaseUrl, {
          max: Math.ceil((configuration.databasePoolSize ?? POOL_SIZE) / 2),
          keepAlive: true,
          idleTimeoutMillis: IDLE_TIMEOUT_MS,
          statement_timeout: STATEMENT_TIMEOUT_MS,
        }),
        entities,
        synchronize: false,
        logging: false,
        applicationName: 'acogida-entities',
        connectTimeoutMS: CONNECTION_TIMEOUT_MS,
      }),
      TypeOrmModule.forFeature(entities),
    ],
    controllers: [...httpControllersOf(definition), ReceivedBatchController],
    providers: [
      ...partsOf(runtime),
      CommandRunner,
      JointCommands,
      { provide: AUDIT_LOG, useClass: PostgresAuditLog },
      FactsOnRecord,
      KnownCases,
      Egress,
      ...channelProviders(runtime),
      { provide: APP_GUARD, useClass: BearerGuard }, // first: who may not ask is told nothing of the node
      { provide: APP_GUARD, useClass: RelayingGuard },
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_PIPE, useClass: RequestValidationPipe },
      ...definition.providers,
    ],
  };
}
