import type { Clock } from '@acogida/core';
import {
  deniedByOrigin,
  type DirectoryView,
  type RoutedPerson,
  type RoutingQuestion,
  whoCanTake,
} from '@acogida/referral';
import { Answers, CLOCK, Roles, StaysHere } from '@acogida/service-kit';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { AgencyEntity, AgreementEntity, ServiceEntity } from '../projections/directory.entities.ts';
import { knownAgencyOf, knownAgreementOf, knownServiceOf } from '../projections/known-directory.ts';
import { CandidatesView, RoutedPersonBody, RoutingQuestionBody } from './candidate-bodies.ts';

function personOf(body: RoutedPersonBody): RoutedPerson {
  const [fromYears, toYears] = [body.fromYears ?? null, body.toYears ?? null];
  return {
    sex: body.sex ?? 'UNKNOWN',
    ageStatus: body.ageStatus,
    ageBand: fromYears === null && toYears === null ? null : { fromYears, toYears },
    nationalities: body.nationalities ?? [],
    stage: body.stage ?? null,
    languages: body.languages ?? [],
  };
}

function questionOf(body: RoutingQuestionBody, at: string): RoutingQuestion {
  const { service, country, urgency, from } = body;
  return {
    ...{ service, country, urgency, from, at },
    person: personOf(body.person),
    family: (body.family ?? []).map(personOf),
    area: body.area ?? null,
    basis: body.basis ?? 'CONSENT',
    exclude: body.exclude ?? [],
  };
}

/** Who can take a referral, as far as the directory knows; of all other services why they cannot. */
@Controller('v1/candidates')
export class CandidatesController {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @InjectRepository(AgencyEntity) private readonly agencies: Repository<AgencyEntity>,
    @InjectRepository(ServiceEntity) private readonly services: Repository<ServiceEntity>,
    @InjectRepository(AgreementEntity) private readonly agreements: Repository<AgreementEntity>,
  ) {}

  /** A question and no command: asked in a body, since addresses stand in logs. Consent is judged where it is kept. */
  @Post()
  @StaysHere()
  @HttpCode(200)
  @Roles('coordinator', 'caseworker', 'auditor', 'operator')
  @Answers(CandidatesView)
  async ask(@Body() body: RoutingQuestionBody): Promise<CandidatesView> {
    const view = await this.view();
    const question = questionOf(body, this.clock.now());
    const candidates = whoCanTake(question, view, deniedByOrigin(question, view));
    return {
      candidates: candidates.map(({ reasons, warnings, ...candidate }) => ({
        ...candidate,
        reasons: [...reasons],
        warnings: [...warnings],
      })),
    };
  }

  private async view(): Promise<DirectoryView> {
    const [agencies, services, agreements] = await Promise.all([
      this.agencies.find(),
      this.services.find(),
      this.agreements.find(),
    ]);
    return {
      agencies: agencies.map(knownAgencyOf),
      services: services.map(knownServiceOf),
      agreements: agreements.map(knownAgreementOf),
    };
  }
}
