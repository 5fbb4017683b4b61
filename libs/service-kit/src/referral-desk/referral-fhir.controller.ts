import { FHIR_JSON, fhirBundleOf, referralProcedure } from '@acogida/referral';
import { Controller, Get, Inject, Param, ParseUUIDPipe, Res } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsArray, IsIn, IsISO8601, IsObject, IsString, IsUUID, ValidateNested } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../auth/actor.ts';
import { CASE_STAFF, Roles } from '../auth/roles.ts';
import { Egress } from '../egress/egress.ts';
import { LeadsOut } from '../egress/ways-out.ts';
import { showProcedure } from '../http/procedure-reads.ts';
import { nameBasedId } from '../name-based-id.ts';
import type { NodeContext } from '../node-definition.ts';
import { Answers } from '../openapi/answers.ts';
import { NODE_CONTEXT } from '../tokens.ts';

/** Namespace of the ids that tasks have in exports. */
const TASK_NAMESPACE = '5a9c2f7d-61b4-5c0e-8e1f-3d7a94b0c628';

/** One of the two resources; FHIR itself describes them. */
class FhirEntryView {
  @IsString()
  fullUrl!: string;

  @IsObject()
  resource!: object;
}

/** A `Bundle` of HL7 FHIR R4 with one `ServiceRequest` and its `Task`. */
class FhirBundleView {
  @IsIn(['Bundle'])
  resourceType!: 'Bundle';

  @IsUUID()
  id!: string;

  @IsObject()
  meta!: object;

  @IsObject()
  identifier!: object;

  @IsIn(['collection'])
  type!: 'collection';

  @IsISO8601()
  timestamp!: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => FhirEntryView)
  entry!: readonly FhirEntryView[];
}

/** Referrals in the words of HL7 FHIR R4, for systems that know those. */
@Controller('v1/referrals')
export class ReferralFhirController {
  constructor(
    @Inject(NODE_CONTEXT) private readonly node: NodeContext,
    private readonly egress: Egress,
  ) {}

  /**
   * As this agency knows it now: who asked whom for what, how it stands and why; nothing of the person but the case. Once
   * exported nobody can call it back, so its consent has to stand now.
   */
  @Get(':id/fhir')
  @LeadsOut('FHIR_EXPORT')
  @Roles(...CASE_STAFF, 'import')
  @Answers(FhirBundleView, { mediaType: FHIR_JSON })
  async show(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FhirBundleView> {
    await this.egress.clearKnown('FHIR_EXPORT', id, { actor, correlationId: reply.request.id });
    const bundle = await showProcedure(
      this.node.handler,
      reply,
      referralProcedure,
      id.toLowerCase(),
      (state) => state && fhirBundleOf(state, nameBasedId(TASK_NAMESPACE, [state.request.referralId])),
      { code: 'REFERRAL.UNKNOWN', message: 'there is no such referral here' },
    );
    void reply.type(`${FHIR_JSON}; charset=utf-8`);
    return bundle;
  }
}
