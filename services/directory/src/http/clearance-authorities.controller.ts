import type { JsonObject } from '@acogida/core';
import {
  Answers,
  type CommandContext,
  CommandRunner,
  CurrentCommand,
  CurrentPage,
  notFound,
  type PageOf,
  type Paging,
  Roles,
  StaysHere,
} from '@acogida/service-kit';
import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Not, Repository } from 'typeorm';
import { clearanceAuthoritiesProcedure } from '../directory.procedures.ts';
import type { ClearanceCommand } from '../domain/clearance-authorities.ts';
import { AgencyEntity, ClearanceAuthorityEntity } from '../projections/directory.entities.ts';
import { ClearanceAuthoritiesQuery, ClearanceAuthorityBody } from './agreement-bodies.ts';
import { clearanceAuthorityViewOf, ClearanceAuthorityView } from './directory-answers.ts';

/** Agencies that must clear a departure, by jurisdiction. */
@Controller('v1/clearance-authorities')
export class ClearanceAuthoritiesController {
  constructor(
    private readonly commands: CommandRunner,
    @InjectRepository(ClearanceAuthorityEntity) private readonly authorities: Repository<ClearanceAuthorityEntity>,
    @InjectRepository(AgencyEntity) private readonly agencies: Repository<AgencyEntity>,
  ) {}

  @Put(':jurisdiction/:agencyId')
  @StaysHere()
  @Roles('coordinator')
  async designate(
    @Param('jurisdiction') jurisdiction: string,
    @Param('agencyId') agencyId: string,
    @Body() { holds }: ClearanceAuthorityBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    const isWithdrawn = holds.length === 0;
    if (!isWithdrawn && !(await this.agencies.existsBy({ agencyId, status: Not('CLOSED') }))) {
      throw notFound('DIRECTORY.AGENCY_UNKNOWN', 'there is no such agency');
    }
    const command: ClearanceCommand = isWithdrawn
      ? { type: 'WithdrawClearanceAuthority', agencyId }
      : { type: 'DesignateClearanceAuthority', jurisdiction, agencyId, holds };
    return this.commands.run({
      procedure: clearanceAuthoritiesProcedure,
      id: jurisdiction,
      context,
      status: 200,
      command,
      body: ({ version }) => ({ id: jurisdiction, jurisdiction, agencyId, version }),
    });
  }

  @Get()
  @StaysHere()
  @Roles('coordinator', 'caseworker', 'auditor', 'operator')
  @Answers(ClearanceAuthorityView, { page: true })
  async search(
    @Query() { jurisdiction }: ClearanceAuthoritiesQuery,
    @CurrentPage() paging: Paging,
  ): Promise<PageOf<ClearanceAuthorityView>> {
    const select = this.authorities
      .createQueryBuilder('authority')
      .orderBy('authority.jurisdiction')
      .addOrderBy('authority.agencyId');
    if (jurisdiction !== undefined) select.andWhere('authority.jurisdiction = :jurisdiction', { jurisdiction });
    const after = paging.after('text', 'text');
    if (after !== null) {
      const [afterJurisdiction, afterAgency] = after;
      select.andWhere('(authority.jurisdiction, authority.agency_id) > (:afterJurisdiction, :afterAgency)', {
        ...{ afterJurisdiction, afterAgency },
      });
    }
    const rows = await select.limit(paging.limit + 1).getMany();
    return paging.answer(rows.map(clearanceAuthorityViewOf), (row) => [row.jurisdiction, row.agencyId]);
  }
}
