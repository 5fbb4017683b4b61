import { type Clock, DomainError } from '@acogida/core';
import { consentProcedure, type ReferralConsent, type ReferralFacts, type RoutedPerson } from '@acogida/referral';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type pg from 'pg';
import { type Actor, CurrentActor } from '../auth/actor.ts';
import { CASE_STAFF, Roles } from '../auth/roles.ts';
import { statedConsent } from '../egress/stated-consent.ts';
import { StaysHere } from '../egress/ways-out.ts';
import type { NodeContext } from '../node-definition.ts';
import { Answers } from '../openapi/answers.ts';
import { FactsOnRecord } from '../referral-desk/facts-on-record.ts';
import { KnownCases } from '../referral-desk/known-cases.ts';
import { CLOCK, DATABASE_POOL, NODE_CONTEXT } from '../tokens.ts';
import { CandidatesBody, type FamilyMemberBody } from './candidate-requests.ts';
import { candidateViewOf, RoutedCandidatesView } from './candidate-view.ts';
import { candidatesFor, type CandidatesQuestion } from './candidates.ts';

function memberOf({ sex = 'UNKNOWN', ageStatus, ageBand, nationalities = [] }: FamilyMemberBody): RoutedPerson {
  const band = ageBand == null ? null : { ...ageBand };
  return { sex, ageStatus, ageBand: band, nationalities, stage: null, languages: [] };
}

/** Who can take a referral, judged as it will be when it is sent, from what this node knows itself. */
@Controller('v1/candidates')
export class CandidatesController {
  constructor(
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly record: FactsOnRecord,
    private readonly known: KnownCases,
  ) {}

  /** A question and no command: asked in a body, since addresses stand in logs. Of all others it says why they cannot. */
  @Post()
  @HttpCode(200)
  @StaysHere()
  @Roles(...CASE_STAFF)
  @Answers(RoutedCandidatesView)
  async ask(@Body() body: CandidatesBody, @CurrentActor() { subject }: Actor): Promise<RoutedCandidatesView> {
    const candidates = await candidatesFor(this.node, await this.questionOf(body, subject), { lookup: this.pool });
    return { candidates: candidates.map(candidateViewOf) };
  }

  /** @throws DomainError ROUTING.COUNTRY_MISSING, REFERRAL.CASE_UNKNOWN */
  private async questionOf(body: CandidatesBody, askedBy: string): Promise<CandidatesQuestion> {
    const { service, reason, urgency, area = null, stage = null, languages = [], family = [], exclude = [] } = body;
    const caseId = body.caseId.toLowerCase();
    const country = body.country ?? this.node.jurisdiction;
    if (country === null) throw new DomainError('ROUTING.COUNTRY_MISSING', 'invalid', 'say where the person is');
    await this.known.requireAsked(caseId);
    const consent = await this.consentOf(body, caseId);
    return {
      referral: { caseId, service, reason, consent, attachments: [], receiver: null },
      facts: await this.factsOf(body, caseId),
      ...{ urgency, country, area, stage, languages, exclude, askedBy },
      family: family.map(memberOf),
    };
  }

  private async consentOf({ consentId, consent }: CandidatesBody, caseId: string): Promise<ReferralConsent> {
    if (consentId === undefined && consent === undefined) {
      const givenOn = this.clock.now().slice(0, 10);
      return { basis: 'CONSENT', form: 'NOT_RECORDED', givenBy: 'SELF', language: null, grantedOn: givenOn };
    }
    const { state: register } = await this.node.handler.load(consentProcedure, caseId);
    return statedConsent({ ...(consentId && { consentId }), ...(consent && { consent }) }, register);
  }

  /** As the receiver would be told, with all nationalities on record. @throws DomainError REFERRAL.CASE_UNKNOWN */
  private async factsOf({ facts }: CandidatesBody, caseId: string): Promise<ReferralFacts> {
    const told = await this.record.toldOf(caseId, facts);
    return { ...told, ...(await this.record.judgedWith(caseId, told)) };
  }
}
