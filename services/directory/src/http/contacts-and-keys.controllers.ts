import type { JsonObject } from '@acogida/core';
import { originRegionOf } from '@acogida/reference';
import {
  Answers,
  type CommandContext,
  CommandRunner,
  CurrentCommand,
  CurrentPage,
  type PageOf,
  type Paging,
  Roles,
  StaysHere,
} from '@acogida/service-kit';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { agencyProcedure } from '../directory.procedures.ts';
import { AgencyKeyEntity, FocalPointEntity } from '../projections/directory.entities.ts';
import { focalPointViewOf, FocalPointView, keyViewOf, KeyView } from './directory-answers.ts';
import { DesignateFocalPointBody, FocalPointsQuery, ListKeyBody, OfAgencyQuery } from './directory-bodies.ts';

/** Where agencies are reached. */
@Controller('v1/focal-points')
export class FocalPointsController {
  constructor(
    private readonly commands: CommandRunner,
    @InjectRepository(FocalPointEntity) private readonly focalPoints: Repository<FocalPointEntity>,
  ) {}

  @Post()
  @StaysHere()
  @Roles('coordinator')
  designate(
    @Body() { agencyId, role, contact, originRegion, languages }: DesignateFocalPointBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.commands.run({
      procedure: agencyProcedure,
      id: agencyId,
      context,
      status: 201,
      location: `/v1/focal-points?agencyId=${agencyId}`,
      command: {
        ...{ type: 'DesignateFocalPoint', role, contact },
        originRegion: originRegion ?? null,
        languages: languages ?? [],
      },
      body: ({ version }) => ({ id: agencyId, agencyId, role, version }),
    });
  }

  @Get()
  @StaysHere()
  @Roles('coordinator', 'caseworker', 'auditor', 'operator')
  @Answers(FocalPointView, { page: true })
  async search(@Query() query: FocalPointsQuery, @CurrentPage() paging: Paging): Promise<PageOf<FocalPointView>> {
    const select = this.focalPoints
      .createQueryBuilder('point')
      .orderBy('point.agencyId')
      .addOrderBy('point.role')
      .addOrderBy('point.originRegion');
    const { agencyId, role, origin } = query;
    if (agencyId !== undefined) select.andWhere('point.agency_id = :agencyId', { agencyId });
    if (role !== undefined) select.andWhere('point.role = :role', { role });
    if (origin !== undefined) {
      select.andWhere('point.origin_region IN (:...regions)', { regions: ['', originRegionOf(origin) ?? ''] });
    }
    const after = paging.after('text', 'text', 'text');
    if (after !== null) {
      const [afterAgency, afterRole, afterRegion] = after;
      select.andWhere('(point.agency_id, point.role, point.origin_region) > (:afterAgency, :afterRole, :afterRegion)', {
        ...{ afterAgency, afterRole, afterRegion },
      });
    }
    const rows = await select.limit(paging.limit + 1).getMany();
    return paging.answer(rows.map(focalPointViewOf), (point) => [point.agencyId, point.role, point.originRegion ?? '']);
  }
}

/** Public keys of agencies. */
@Controller('v1/keys')
export class KeysController {
  constructor(
    private readonly commands: CommandRunner,
    @InjectRepository(AgencyKeyEntity) private readonly keys: Repository<AgencyKeyEntity>,
  ) {}

  @Post()
  @StaysHere()
  @Roles('coordinator')
  list(
    @Body() { agencyId, keyId, publicKey, fromNumber }: ListKeyBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<JsonObject | null> {
    return this.commands.run({
      procedure: agencyProcedure,
      id: agencyId,
      context,
      status: 201,
      location: `/v1/keys?agencyId=${agencyId}`,
      command: { type: 'ListAgencyKey', keyId, use: 'SIGNING', publicKey: { ...publicKey }, fromNumber },
      body: ({ version }) => ({ id: agencyId, agencyId, keyId, version }),
    });
  }

  @Get()
  @StaysHere()
  @Roles('coordinator', 'caseworker', 'auditor', 'operator')
  @Answers(KeyView, { page: true })
  async search(@Query() query: OfAgencyQuery, @CurrentPage() paging: Paging): Promise<PageOf<KeyView>> {
    const select = this.keys.createQueryBuilder('key').orderBy('key.agencyId').addOrderBy('key.keyId');
    if (query.agencyId !== undefined) select.where('key.agency_id = :agencyId', { agencyId: query.agencyId });
    const after = paging.after('text', 'text');
    if (after !== null) {
      const [afterAgency, afterKey] = after;
      select.andWhere('(key.agency_id, key.key_id) > (:afterAgency, :afterKey)', { afterAgency, afterKey });
    }
    const rows = await select.limit(paging.limit + 1).getMany();
    return paging.answer(rows.map(keyViewOf), ({ agencyId, keyId }) => [agencyId, keyId]);
  }
}
