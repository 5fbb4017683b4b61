import { type Clock, DomainError, type Ids, type JsonObject } from '@acogida/core';
import { type AgeStatus, isTreatedAsChild } from '@acogida/reference';
import {
  ANY_LISTED_FOR_SERVICE,
  type ConsentCommand,
  consentOf,
  consentProcedure,
  type ConsentScope,
  consentStatusAt,
  referralProcedure,
} from '@acogida/referral';
import { Body, Controller, HttpCode, Inject, Optional, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import type pg from 'pg';
import type { AuditLog } from '../audit/audit-log.ts';
import { CASE_STAFF, Roles } from '../auth/roles.ts';
import { StaysHere } from '../egress/ways-out.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import { CommandRunner } from '../http/command-runner.ts';
import { notFound } from '../http/problem.ts';
import type { NodeContext } from '../node-definition.ts';
import { CASE_FACTS, type CaseFacts } from '../referral-desk/case-facts.ts';
import { standingOf } from '../referral-desk/known-cases.ts';
import { WITHDRAWN_HERE, type WithdrawnHere } from './withdrawn-here.ts';
import { AUDIT_LOG, CLOCK, DATABASE_POOL, IDS, NODE_CONTEXT } from '../tokens.ts';
import { Consents } from './consent-register.ts';
import {
  ConfirmContactBody,
  GrantConsentBody,
  RefuseConsentBody,
  RequestConsentBody,
  WithdrawAllConsentsBody,
  WithdrawConsentBody,
} from './consent-requests.ts';
import { destroyedBy, HOLDINGS, type Holding, holdingsUnder } from './holdings.ts';
import { passingOn } from './passing-on.ts';
import { endReferralsWithoutConsent, type Stopping } from './referrals-without-consent.ts';

function scopeOf({ purposes, fields, recipients, services, history }: RequestConsentBody): ConsentScope {
  return { purposes, fields, recipients: recipients ?? ANY_LISTED_FOR_SERVICE, services, history };
}

/** Asking for, giving, refusing and withdrawing consents (domain.md §1.3). */
@Controller('v1/consents')
export class ConsentsController {
  constructor(
    private readonly commands: CommandRunner,
    private readonly consents: Consents,
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(HOLDINGS) private readonly holdings: readonly Holding[],
    @Inject(AUDIT_LOG) private readonly audit: AuditLog,
    @Optional() @Inject(CASE_FACTS) private readonly caseFacts?: CaseFacts,
    @Optional() @Inject(WITHDRAWN_HERE) private readonly withdrawnHere?: WithdrawnHere,
  ) {}

  /** Records a consent that was given without a recorded request before it. */
  @Post()
  @StaysHere()
  @Roles('caseworker', 'border-officer', 'screening-officer', 'eligibility-officer', 'import')
  async grant(@Body() body: GrantConsentBody, @CurrentCommand() context: CommandContext): Promise<JsonObject | null> {
    return this.recordGrant(this.ids.uuid(), body, context, 201);
  }

  @Post('requests')
  @StaysHere()
  @Roles('caseworker', 'border-officer', 'screening-officer', 'eligibility-officer')
  async request(
    @Body() body: RequestConsentBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const { language, interpretation } = body;
    const caseId = body.caseId.toLowerCase();
    await this.ageOf(caseId, undefined);
    const command = { ...this.recording('RequestConsent', this.ids.uuid(), caseId), language, interpretation } as const;
    return this.run({ ...command, scope: scopeOf(body) }, command.consentId, caseId, context, 201);
  }

  /** The answer yes to a request; to no more than was asked. */
  @Post(':id/grant')
  @StaysHere()
  @HttpCode(200)
  @Roles('caseworker', 'border-officer', 'screening-officer', 'eligibility-officer')
  async grantRequested(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: GrantConsentBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const { caseId, record } = await this.consents.find(id);
    if (caseId !== body.caseId.toLowerCase())
      throw new DomainError('CONSENT.OTHER_CASE', 'invalid', 'the consent is of another case');
    return this.recordGrant(record.consentId, body, context, 200);
  }

  /** The answer no. It costs the person nothing. */
  @Post(':id/refusal')
  @StaysHere()
  @HttpCode(200)
  @Roles('caseworker', 'border-officer', 'screening-officer', 'eligibility-officer')
  async refuse(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { language, interpretation }: RefuseConsentBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const { caseId, record } = await this.consents.find(id);
    const refusal = this.recording('RefuseConsent', record.consentId, caseId);
    return this.run({ ...refusal, language, interpretation }, record.consentId, caseId, context);
  }

  /** Every consent of a case ends, wherever it was given. */
  @Post('withdrawals')
  @StaysHere()
  @HttpCode(200)
  @Roles(...CASE_STAFF)
  async withdrawAll(
    @Body() body: WithdrawAllConsentsBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.withdrawal(null, body.caseId.toLowerCase(), body, context);
  }

  /** A consent ends, wherever it was given; with `caseId` also one that is not known here. */
  @Post(':id/withdrawal')
  @StaysHere()
  @HttpCode(200)
  @Roles(...CASE_STAFF)
  async withdraw(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: WithdrawConsentBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const consentId = id.toLowerCase();
    const known = await this.consents.caseOf(consentId);
    const named = body.caseId?.toLowerCase() ?? known?.caseId;
    if (named === undefined) throw notFound('CONSENT.UNKNOWN', 'name the case: this consent is not known here');
    // Where only a withdrawal spoke of it, that may have named the wrong case: it does not stand in the way of another.
    if (known !== null && named !== known.caseId && known.isSure)
      throw new DomainError('CONSENT.OTHER_CASE', 'invalid', 'the consent is of another case');
    return this.withdrawal(consentId, named, body, context);
  }

  /** The second person's yes to a contact with the country of origin (INV-05), for 24 hours. */
  @Post(':id/contact-confirmations')
  @StaysHere()
  @HttpCode(200)
  @Roles('supervisor')
  async confirmContact(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { recipient }: ConfirmContactBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const { caseId, record } = await this.consents.find(id);
    const { consentId } = record;
    const before = await this.commands.answered(context);
    if (before !== null) return before.body;
    const [confirmedBy, now] = [context.actor.subject, this.clock.now()];
    const confirmation = { consentId, recipient, confirmedBy, now };
    const answer = await this.run({ type: 'ConfirmContact', ...confirmation }, consentId, caseId, context);
    const details = ['AGREED', `recipient:${recipient}`];
    await this.audit.record(this.pool, {
      at: now,
      actor: confirmedBy,
      kind: 'SECOND_PERSON',
      caseId,
      details,
      consentId,
    });
    return answer;
  }

  private async recordGrant(
    id: string,
    body: GrantConsentBody,
    context: CommandContext,
    status: 200 | 201,
  ): Promise<JsonObject | null> {
    const { basis, form, givenBy, childAssent, language, interpretation } = body;
    const { explained, understandingChecked, withoutPenalty, expiresAt = null } = body;
    const caseId = body.caseId.toLowerCase();
    const command: ConsentCommand = {
      ...this.recording('GrantConsent', id, caseId),
      ...{ basis, form, givenBy, childAssent, language, interpretation },
      ...{ explained, understandingChecked, withoutPenalty, expiresAt },
      scope: scopeOf(body),
      country: this.node.jurisdiction,
      ageStatus: await this.ageOf(caseId, body.ageStatus),
      takenOver: context.actor.roles.includes('import'),
    };
    return this.run(command, id, caseId, context, status);
  }

  private async withdrawal(
    consentId: string | null,
    caseId: string,
    body: WithdrawConsentBody,
    context: CommandContext,
  ): Promise<JsonObject | null> {
    const { form = 'NOT_RECORDED', reason = 'NOT_STATED', language = null, interpretation = null } = body;
    const { agencyId } = this.node;
    const { register } = await this.consents.ofCase(caseId);
    const now = this.clock.now();
    const destroyed = await destroyedBy({ consentId, caseId, withdrawnAt: now }, this.holdings, this.pool);
    const concerned = { consentId, caseId, withdrawnAt: now, agencyId, destroyed };
    const holdings = await holdingsUnder(register, concerned, this.holdings, this.pool);
    const passOnTo = await passingOn({ node: this.node, lookup: this.pool }, { caseId, consentId, from: null });
    const lodged = { by: agencyId, now, consentId, caseId, holdings, passOnTo };
    const said = { form, reason, language, interpretation };
    const answer = await this.run({ type: 'WithdrawConsent', ...lodged, ...said }, consentId, caseId, context);
    // Also when the request is repeated: what a crash kept from being ended then is.
    await endReferralsWithoutConsent(this.node, caseId, { lookup: this.pool, run: this.endReferral(context) });
    await this.withdrawnHere?.end({ caseId, consentId, register, context });
    return answer;
  }

  private endReferral({ actor, correlationId }: CommandContext): Stopping['run'] {
    const asked = { procedure: referralProcedure, actor: actor.subject, correlationId, causation: null };
    return (id, command) => this.node.handler.execute({ ...asked, id, command });
  }

  private recording<T extends ConsentCommand['type']>(
    type: T,
    consentId: string,
    caseId: string,
  ): { type: T; by: string; now: string; consentId: string; caseId: string } {
    return { type, by: this.node.agencyId, now: this.clock.now(), consentId, caseId };
  }

  /** INV-08: what a request says of the age does not talk a doubt away that is on record. */
  private async ageOf(caseId: string, said: AgeStatus | undefined): Promise<AgeStatus> {
    if (this.caseFacts === undefined) return said ?? 'DISPUTED';
    const known = await this.caseFacts.factsOf(caseId);
    if (known === null) {
      if ((await standingOf(this.node, this.pool, caseId)) !== null) return said ?? 'DISPUTED';
      throw new DomainError('CONSENT.CASE_UNKNOWN', 'not-found', 'there is no such case here');
    }
    return isTreatedAsChild(known.ageStatus) ? known.ageStatus : (said ?? known.ageStatus);
  }

  private run(
    command: ConsentCommand,
    consentId: string | null,
    caseId: string,
    context: CommandContext,
    status: 200 | 201 = 200,
  ): Promise<JsonObject | null> {
    return this.commands.run({
      procedure: consentProcedure,
      id: caseId.toLowerCase(),
      context,
      status,
      command,
      ...(status === 201 && consentId !== null ? { location: `/v1/consents/${consentId}` } : {}),
      body: ({ version, state }) => {
        const record = consentId === null ? undefined : consentOf(state, consentId);
        return {
          id: consentId ?? caseId,
          version,
          ...(record === undefined ? {} : { state: consentStatusAt(record, this.clock.now()) }),
          ...(record?.facts == null ? {} : { expiresAt: record.facts.expiresAt }),
        };
      },
    });
  }
}
