import { createPublicKey } from 'node:crypto';
import type { JsonObject } from '@acogida/core';
import { DomainError } from '@acogida/core';
import { CompactRange, type PublicKeys, readRotation } from '@acogida/ledger';
import { Body, Controller, Get, Inject, Post } from '@nestjs/common';
import { IsInt, IsObject, IsString } from 'class-validator';
import { Roles } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import type { NodeRuntime } from '../node/node-runtime.ts';
import { Answers } from '../openapi/answers.ts';
import { NODE_RUNTIME } from '../tokens.ts';
import type { CountersignedRotation } from './agency-keys.ts';
import { agencyKeysProcedure } from './agency-keys.procedure.ts';
import { pointOf } from './signing-keys.ts';
import { asDomainError, requireTrusted } from './trust-refusal.ts';

/** A rotation as `npm run agency -- rotate-keys` writes it. */
export class RotationBody {
  @IsObject()
  statement!: object;

  @IsObject()
  signatures!: object;
}

/** The keys that count for the agency's next event, and the tree that a rotation names. */
export class AgencyKeysAnswer {
  @IsString()
  agencyId!: string;

  /** Id of the genesis. */
  @IsString()
  genesis!: string;

  @IsInt()
  sequence!: number;

  @IsObject()
  keys!: PublicKeys;

  @IsInt()
  treeSize!: number;

  @IsString()
  treeHead!: string;
}

/** The agency's own keys (architecture.md §5). */
@Roles('operator')
@Controller('v1/operations/keys')
export class AgencyKeysController {
  constructor(
    @Inject(NODE_RUNTIME) private readonly node: NodeRuntime,
    private readonly commands: CommandRunner,
  ) {}

  @Get()
  @StaysHere()
  @Answers(AgencyKeysAnswer)
  async show(): Promise<AgencyKeysAnswer> {
    const { configuration, trust } = this.node;
    const { agencyId } = configuration;
    const { size, root } = await this.tree();
    const serving = trust
      .agencies()
      .find((agency) => agency.agencyId === agencyId)
      ?.keySets.find(({ fromNumber, throughNumber }) => fromNumber <= size + 1 && size < (throughNumber ?? size + 1));
    if (serving === undefined) {
      throw new DomainError('TRUST.NO_KEYS', 'conflict', 'no key of the agency counts: the roots must admit it again');
    }
    const { sequence, keys } = serving;
    return { agencyId, genesis: trust.networkId, sequence, keys, treeSize: size, treeHead: root };
  }

  /** Goes over to the keys of a countersigned rotation: the event that carries it is the last that the old key signs. */
  @Post()
  @StaysHere()
  async rotate(@Body() body: RotationBody, @CurrentCommand() context: CommandContext): Promise<JsonObject | null> {
    const { configuration, trust } = this.node;
    const { agencyId } = configuration;
    const rotation = asDomainError(() => readRotation({ ...body }));
    const { statement } = rotation;
    if (statement.agency !== agencyId) {
      throw new DomainError('TRUST.WRONG_TOPIC', 'invalid', 'a rotation counts in the topic of its own agency only');
    }
    const { size } = await this.tree();
    requireTrusted(trust, { type: 'rotation', at: size + 1, signed: rotation });
    if (!this.holds(statement.keys.signing.x)) {
      throw new DomainError('TRUST.KEY_NOT_HERE', 'conflict', 'the new signing key is not beside SIGNING_KEY_FILE');
    }
    return this.commands.run({
      ...{ procedure: agencyKeysProcedure, id: agencyId, context, status: 201, location: '/v1/operations/keys' },
      command: { type: 'RotateAgencyKeys', rotation: rotation as CountersignedRotation },
      body: ({ version }) => ({ id: agencyId, sequence: statement.sequence, version }),
    });
  }

  private holds(x: string): boolean {
    return this.node.configuration.signingKeys().some((key) => pointOf(createPublicKey(key)) === x);
  }

  private async tree(): Promise<{ readonly size: number; readonly root: string }> {
    const { rows } = await this.node.pool.query<{ frontier: string }>('SELECT frontier FROM relay.cursor');
    const range = CompactRange.parse(rows[0]?.frontier ?? '');
    return { size: range.size, root: range.root() };
  }
}
