import { DomainError, type JsonObject } from '@acogida/core';
import {
  ADMISSION,
  countersignRotation,
  readRootSigned,
  readRotation,
  REVOCATION,
  type RotationSigned,
  SUCCESSION,
  type TrustEntry,
} from '@acogida/ledger';
import {
  Answers,
  asDomainError,
  type CommandContext,
  CommandRunner,
  CurrentCommand,
  NODE_RUNTIME,
  type NodeRuntime,
  requireTrusted,
  Roles,
  signersOf,
  StaysHere,
} from '@acogida/service-kit';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { TrustCommand } from '../domain/trust-statements.ts';
import { trustStatementsProcedure } from '../directory.procedures.ts';
import { CountersignBody, CountersignedView, RootStatementBody } from './trust-bodies.ts';

type RootEntry = Exclude<TrustEntry, { readonly type: 'rotation' }>;

/** What the roots and the directory say of whom to trust (architecture.md §5). */
@Roles('operator')
@Controller('v1/trust')
export class TrustController {
  constructor(
    @Inject(NODE_RUNTIME) private readonly node: NodeRuntime,
    private readonly commands: CommandRunner,
  ) {}

  /** Publishes what enough roots signed, once; from then on every node of the network goes by it. */
  @Post('statements')
  @StaysHere()
  publish(@Body() body: RootStatementBody, @CurrentCommand() context: CommandContext): Promise<JsonObject | null> {
    const entry = asDomainError(() => entryOf(body));
    requireTrusted(this.node.trust, entry);
    const agencyId = entry.signed.statement.agency;
    return this.commands.run({
      ...{ procedure: trustStatementsProcedure, id: agencyId, context, status: 201 },
      location: '/v1/trust/statements',
      command: commandOf(entry),
      body: ({ version }) => ({ id: agencyId, agencyId, type: entry.type, version }),
    });
  }

  /** Signs a rotation that its agency signed: a stolen key alone cannot rotate. Signing twice says nothing more. */
  @Post('countersignatures')
  @StaysHere()
  @HttpCode(200)
  @Answers(CountersignedView)
  async countersign(@Body() body: CountersignBody): Promise<RotationSigned> {
    const { configuration, trust, pool } = this.node;
    const { rows } = await pool.query<{ next: number }>('SELECT last_number + 1 AS next FROM relay.cursor');
    const signer = signersOf(configuration.agencyId, trust, configuration.signingKeys)(rows[0]?.next ?? 1);
    const signed = asDomainError(() => countersignRotation(readRotation({ ...body }), signer));
    const { agency, treeSize, previousSigningKeyId } = signed.statement;
    if (agency === configuration.agencyId) {
      throw new DomainError('TRUST.OF_DIRECTORY', 'invalid', 'the directory gets other keys from the roots');
    }
    const ending = trust.get(agency).find(({ keyId }) => keyId === previousSigningKeyId);
    const at = Math.max(treeSize + 1, ending?.fromNumber ?? 1);
    requireTrusted(trust, { type: 'rotation', at, signed });
    return signed;
  }
}

function entryOf({ type, signed }: RootStatementBody): RootEntry {
  switch (type) {
    case 'admission':
      return { type, signed: readRootSigned(ADMISSION, signed) };
    case 'revocation':
      return { type, signed: readRootSigned(REVOCATION, signed) };
    case 'succession':
      return { type, signed: readRootSigned(SUCCESSION, signed) };
  }
}

function commandOf(entry: RootEntry): TrustCommand {
  switch (entry.type) {
    case 'admission':
      return { type: 'PublishAdmission', signed: entry.signed };
    case 'revocation':
      return { type: 'PublishRevocation', signed: entry.signed };
    case 'succession':
      return { type: 'PublishSuccession', signed: entry.signed };
  }
}
