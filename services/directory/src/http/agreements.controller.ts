import type { Ids, JsonObject } from '@acogida/core';
import {
  Answers,
  type CommandContext,
  CommandRunner,
  CurrentCommand,
  CurrentPage,
  IDS,
  notFound,
  type PageOf,
  type Paging,
  Roles,
  setVersion,
  StaysHere,
} from '@acogida/service-kit';
import { Body, Controller, Get, Inject, Param, ParseUUIDPipe, Post, Put, Query, Res } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FastifyReply } from 'fastify';
import { ArrayContains, In, MoreThan, Not, Repository } from 'typeorm';
import { agreementProcedure } from '../directory.procedures.ts';
import type { AgreementCommand, AgreementTerms } from '../domain/agreement.ts';
import { AgencyEntity, AgreementEntity } from '../projections/directory.entities.ts';
import { AgreementBody, SuspensionBody } from './agreement-bodies.ts';
import { agreementViewOf, AgreementView } from './directory-answers.ts';
import { OfAgencyQuery } from './directory-bodies.ts';

function termsOf(agreementId: string, body: AgreementBody): AgreementTerms {
  const { kind, name, parties, purposes, validFrom, validThrough, procedureVersion } = body;
  return {
    ...{ agreementId, kind, name, parties, purposes, validFrom },
    validThrough: validThrough ?? null,
    procedureVersion: procedureVersion ?? null,
  };
}

/** Agreements between agencies, and their written procedures of referral. */
@Controller('v1/agreements')
export class AgreementsController {
  constructor(
    private readonly commands: CommandRunner,
    @Inject(IDS) private readonly ids: Ids,
    @InjectRepository(AgreementEntity) private readonly agreements: Repository<AgreementEntity>,
    @InjectRepository(AgencyEntity) private readonly agencies: Repository<AgencyEntity>,
  ) {}

  @Post()
  @StaysHere()
  @Roles('coordinator')
  async list(@Body() body: AgreementBody, @CurrentCommand() context: CommandContext): Promise<JsonObject | null> {
    await this.requireParties(body.parties);
    const agreementId = this.ids.uuid();
    return this.commands.run({
      procedure: agreementProcedure,
      id: agreementId,
      fresh: true,
      context,
      status: 201,
      location: `/v1/agreements/${agreementId}`,
      command: { type: 'ListAgreement', terms: termsOf(agreementId, body) },
      body: ({ version }) => ({ id: agreementId, agreementId, version }),
    });
  }

  @Put(':agreementId')
  @StaysHere()
  @Roles('coordinator')
  async revise(
    @Param('agreementId', ParseUUIDPipe) agreementId: string,
    @Body() body: AgreementBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const before = await this.agreements.findOneBy({ agreementId });
    // who was bound stays a party when it closes: else the agreement could never be given a last day
    await this.requireParties(body.parties.filter((party) => before?.parties.includes(party) !== true));
    const terms = termsOf(agreementId.toLowerCase(), body);
    return this.change(agreementId, context, { type: 'ReviseAgreement', terms });
  }

  @Put(':agreementId/suspension')
  @StaysHere()
  @Roles('coordinator')
  suspend(
    @Param('agreementId', ParseUUIDPipe) agreementId: string,
    @Body() { suspended }: SuspensionBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.change(agreementId, context, { type: suspended ? 'SuspendAgreement' : 'ResumeAgreement' });
  }

  @Get()
  @StaysHere()
  @Roles('coordinator', 'caseworker', 'auditor', 'operator')
  @Answers(AgreementView, { page: true })
  async search(@Query() query: OfAgencyQuery, @CurrentPage() paging: Paging): Promise<PageOf<AgreementView>> {
    const after = paging.after('uuid');
    const rows = await this.agreements.find({
      where: {
        ...(query.agencyId !== undefined && { parties: ArrayContains([query.agencyId]) }),
        ...(after !== null && { agreementId: MoreThan(after[0]) }),
      },
      order: { agreementId: 'ASC' },
      take: paging.limit + 1,
    });
    return paging.answer(rows.map(agreementViewOf), ({ agreementId }) => [agreementId]);
  }

  @Get(':agreementId')
  @StaysHere()
  @Roles('coordinator', 'caseworker', 'auditor', 'operator')
  @Answers(AgreementView)
  async show(
    @Param('agreementId', ParseUUIDPipe) agreementId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgreementView> {
    const row = await this.agreements.findOneBy({ agreementId });
    if (row === null) throw notFound('DIRECTORY.AGREEMENT_UNKNOWN', 'there is no such agreement');
    setVersion(reply, row.version);
    return agreementViewOf(row);
  }

  private change(agreementId: string, context: CommandContext, command: AgreementCommand): Promise<JsonObject | null> {
    return this.commands.run({
      procedure: agreementProcedure,
      id: agreementId,
      context,
      status: 200,
      command,
      body: ({ version, state }) => ({
        ...{ id: agreementId, agreementId, version },
        suspended: state?.suspended ?? false,
      }),
    });
  }

  private async requireParties(parties: readonly string[]): Promise<void> {
    const known = await this.agencies.countBy({ agencyId: In([...parties]), status: Not('CLOSED') });
    if (known < parties.length) throw notFound('DIRECTORY.AGENCY_UNKNOWN', 'a party is not listed');
  }
}
