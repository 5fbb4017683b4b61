import { type CaseFacts, NOTHING_KNOWN, PROCEDURE_HANDLER, type ProcedureHandler } from '@acogida/service-kit';
import type { ReferralFacts } from '@acogida/referral';
import { Inject, Injectable } from '@nestjs/common';
import { caseIntake } from '../case-intake.procedure.ts';

/** What intake tells the receiver of a referral: the registration, with the age status as it stands now (INV-08). */
@Injectable()
export class IntakeCaseFacts implements CaseFacts {
  constructor(@Inject(PROCEDURE_HANDLER) private readonly handler: ProcedureHandler) {}

  /** Null when there is no such case; before the registration, that nothing is known: a referral never waits for it. */
  async factsOf(caseId: string): Promise<ReferralFacts | null> {
    const { state } = await this.handler.load(caseIntake, caseId);
    if (state.stage === 'NOT_OPEN') return null;
    if (state.person === null)
      return state.child?.basis === 'AGE' ? { ...NOTHING_KNOWN, ageStatus: 'CHILD' } : NOTHING_KNOWN;
    const { sex, ageStatus, ageBand, nationalities, nationalityStatus } = state.person;
    return { sex, ageStatus, ageBand, nationalities, nationalityStatus };
  }
}
