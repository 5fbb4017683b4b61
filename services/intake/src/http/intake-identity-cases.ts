import { type IdentityCases, notFound, PROCEDURE_HANDLER, type ProcedureHandler } from '@acogida/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { caseIntake } from '../case-intake.procedure.ts';

/** Intake takes down who somebody is from the first contact on. */
@Injectable()
export class IntakeIdentityCases implements IdentityCases {
  constructor(@Inject(PROCEDURE_HANDLER) private readonly handler: ProcedureHandler) {}

  async versionOf(caseId: string): Promise<number> {
    const { version } = await this.handler.load(caseIntake, caseId);
    if (version === 0) throw notFound('INTAKE.CASE_UNKNOWN', 'no such case at this agency');
    return version;
  }
}
