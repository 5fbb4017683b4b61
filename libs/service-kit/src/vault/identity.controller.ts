import { type Clock, DomainError, type JsonObject } from '@acogida/core';
import { inTransaction, type Transaction } from '@acogida/event-store';
import { consentOf, consentStatusAt } from '@acogida/referral';
import { Body, Controller, Get, Inject, Param, ParseUUIDPipe, Put, Query } from '@nestjs/common';
import type pg from 'pg';
import { type Actor, CurrentActor } from '../auth/actor.ts';
import { Roles } from '../auth/roles.ts';
import { Consents } from '../consent-desk/consent-register.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { Answers, CommandAnswer } from '../openapi/answers.ts';
import { CLOCK, DATABASE_POOL } from '../tokens.ts';
import {
  IDENTITY_NAME_OF,
  type IdentityFields,
  IdentityQuery,
  IdentityView,
  PutIdentityBody,
} from './identity-bodies.ts';
import { IDENTITY_CASES, type IdentityCases } from './identity-cases.ts';
import { CONSENT_FIELD_OF, VAULT_FIELDS, type VaultField } from './vault-access.ts';
import { type CellConsent, Vault, type VaultActor, type VaultValues } from './vault.ts';

function valuesOf(identity: IdentityFields): VaultValues {
  const values = VAULT_FIELDS.flatMap((field) => {
    const value = identity[IDENTITY_NAME_OF[field]];
    return value === undefined ? [] : [[field, JSON.parse(JSON.stringify(value)) as never] as const];
  });
  return Object.fromEntries(values);
}

function identityOf(values: VaultValues): IdentityFields {
  const named = Object.entries(values).map(([field, value]) => [IDENTITY_NAME_OF[field as VaultField], value] as const);
  return Object.fromEntries(named);
}

/** Who a person is: written into the vault, and read from it by role and purpose (INV-17). No event ever says it. */
@Controller('v1/cases')
export class IdentityController {
  constructor(
    private readonly vault: Vault,
    private readonly consents: Consents,
    @Inject(IDENTITY_CASES) private readonly cases: IdentityCases,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Writing it again changes nothing but when it was written. */
  @Put(':caseId/identity')
  @Roles('border-officer', 'caseworker', 'import')
  @StaysHere()
  @Answers(CommandAnswer)
  async put(
    @Param('caseId', ParseUUIDPipe) id: string,
    @Body() { identity, consentId = null }: PutIdentityBody,
    @CurrentActor() actor: Actor,
  ): Promise<JsonObject> {
    const caseId = id.toLowerCase();
    const version = await this.cases.versionOf(caseId);
    const values = valuesOf(identity);
    const written = { actor: this.actorOf(actor) };
    await inTransaction(this.pool, async (transaction) => {
      const named = consentId?.toLowerCase() ?? null;
      const consent = named === null ? null : await this.consentFor(transaction, { caseId, consentId: named }, values);
      await this.vault.put(transaction, caseId, values, { ...written, consent });
    });
    return { id: caseId, version };
  }

  /** Each read is kept in the audit, and so is each that is refused. */
  @Get(':caseId/identity')
  @Roles(
    'border-officer',
    'caseworker',
    'referral-officer',
    'screening-officer',
    'eligibility-officer',
    'supervisor',
    'data-protection-officer',
    'legal-counsel',
  )
  @StaysHere()
  @Answers(IdentityView)
  async show(
    @Param('caseId', ParseUUIDPipe) id: string,
    @Query() { purpose, fields = undefined }: IdentityQuery,
    @CurrentActor() actor: Actor,
  ): Promise<IdentityView> {
    const caseId = id.toLowerCase();
    await this.cases.versionOf(caseId);
    const { register } = await this.consents.ofCase(caseId);
    const isInForce = (consentId: string): boolean => {
      const record = consentOf(register, consentId);
      return record !== undefined && consentStatusAt(record, this.clock.now()) === 'GRANTED';
    };
    const reading = { actor: this.actorOf(actor), purpose, isInForce };
    const { values, withheld, updatedAt } = await this.vault.read(caseId, fields ?? null, reading);
    return {
      caseId,
      identity: identityOf(values),
      withheld: withheld.map((field) => IDENTITY_NAME_OF[field]),
      updatedAt,
    };
  }

  /**
   * What another told is kept only under a consent that is in force and names it (domain.md §1.3): a withdrawal waits until the
   * transaction ends, and then forgets what it wrote.
   */
  private async consentFor(
    transaction: Transaction,
    { caseId, consentId }: { readonly caseId: string; readonly consentId: string },
    values: VaultValues,
  ): Promise<CellConsent> {
    const { register } = await this.consents.heldOfCase(transaction, caseId);
    const record = consentOf(register, consentId);
    const givenAt = record?.grantedAt ?? null;
    if (record?.facts == null || givenAt === null || consentStatusAt(record, this.clock.now()) !== 'GRANTED') {
      throw new DomainError('VAULT.CONSENT_NOT_IN_FORCE', 'conflict', 'no such consent of this case is in force');
    }
    const named = record.facts.scope.fields;
    const beyond = (Object.keys(values) as VaultField[]).filter((field) => !named.includes(CONSENT_FIELD_OF[field]));
    if (beyond.length === 0) return { consentId, givenAt };
    throw new DomainError('VAULT.BEYOND_CONSENT', 'conflict', 'the consent does not name these fields', {
      fields: beyond,
    });
  }

  private actorOf({ subject, roles }: Actor): VaultActor {
    return { subject, roles, at: this.clock.now() };
  }
}
