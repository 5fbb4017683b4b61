import { HOLD_LIFT_REASONS, type HoldLiftReason, REMOVAL_HOLDS, type RemovalHold } from '@acogida/reference';
import { IsBoolean, IsIn, IsOptional, IsUUID } from 'class-validator';
import { CommandAnswer } from '../openapi/answers.ts';

/** Places a hold, or the one that takes the place of another. */
export class PlaceHoldBody {
  @IsIn(REMOVAL_HOLDS)
  kind!: RemovalHold;

  /** The procedure that it protects, by its meaningless id. */
  @IsOptional()
  @IsUUID()
  groundId?: string | null;
}

/** Why a hold is lifted. That another authority has taken over is said by that one, never by an officer. */
export class LiftHoldBody {
  @IsIn(HOLD_LIFT_REASONS.filter((reason) => reason !== 'TAKEN_OVER'))
  reason!: HoldLiftReason;
}

/** Answer to every command on a hold; `version` is that of the case's ledger. */
export class HoldAnswer extends CommandAnswer {
  @IsBoolean()
  isOpen!: boolean;

  /** From its protection on no warrant is valid. */
  @IsBoolean()
  isProtected!: boolean;

  /** Whether a second officer has to decide on its lifting. */
  @IsBoolean()
  isLiftProposed!: boolean;
}
