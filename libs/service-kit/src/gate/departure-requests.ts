import {
  ATTEMPT_ENDS,
  type AttemptEnd,
  GATE_NEXT_STEPS,
  GATE_REFUSALS,
  type GateNextStep,
  type GateRefusal,
  type Removal,
  REMOVALS,
} from '@acogida/reference';
import type { AttemptStatus, HaltOutcome } from '@acogida/safeguards';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator';
import { CommandAnswer } from '../openapi/answers.ts';

const STATUSES = ['ASKED', 'REFUSED', 'WARRANTED', 'ENDED', 'DEPARTED'] as const satisfies readonly AttemptStatus[];
const OUTCOMES = ['VOIDED', 'DEPARTED'] as const satisfies readonly HaltOutcome[];
const UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

/** Asks whether the person may be made to leave, or may leave by return. */
export class AskForDepartureBody {
  @IsIn(REMOVALS)
  removal!: Removal;
}

/** The person has left, and no warrant covered it. */
export class UnwarrantedDepartureBody extends AskForDepartureBody {
  /** UTC; now where left out. */
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(UTC, { message: 'departedAt must be an instant in UTC' })
  departedAt?: string;
}

/** One reason why somebody may not leave. */
export class ObstacleView {
  @IsIn(GATE_REFUSALS)
  refusal!: GateRefusal;

  /** Null where it is this agency's own. Never which hold it is (INV-17). */
  @IsOptional()
  @IsString()
  authority!: string | null;

  @IsIn(GATE_NEXT_STEPS)
  nextStep!: GateNextStep;
}

/** Answer to every command on a departure; `version` is that of the case's gate. */
export class DepartureAnswer extends CommandAnswer {
  @IsIn(STATUSES)
  status!: AttemptStatus;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ObstacleView)
  obstacles!: ObstacleView[];

  /** How long the warrant holds from this answer on, in milliseconds, also where the answer is sent again; 0 where there is none. */
  @IsInt()
  @Min(0)
  validForMs!: number;
}

/** The latest attempt. */
export class AttemptView {
  @IsUUID()
  departureId!: string;

  @IsIn(REMOVALS)
  removal!: Removal;

  @IsIn(STATUSES)
  status!: AttemptStatus;

  /** Agencies that were asked. */
  @IsArray()
  @IsString({ each: true })
  asked!: string[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ObstacleView)
  obstacles!: ObstacleView[];

  /** Why it ended without a departure. */
  @IsOptional()
  @IsIn(ATTEMPT_ENDS)
  end!: AttemptEnd | null;

  /** How long the warrant still holds, in milliseconds; 0 where none does. */
  @IsInt()
  @Min(0)
  validForMs!: number;
}

/** The person left. */
export class DepartureView {
  @IsUUID()
  departureId!: string;

  @IsISO8601()
  departedAt!: string;

  /** Whether a warrant covered it; else INV-02 was broken. */
  @IsBoolean()
  isWarranted!: boolean;
}

/** A halt that was answered. */
export class HaltView {
  @IsString()
  authority!: string;

  @IsUUID()
  holdId!: string;

  /** `DEPARTED`: the person had left before the halt was heard. */
  @IsIn(OUTCOMES)
  outcome!: HaltOutcome;
}

/** What a gate knows of a case. */
export class DeparturesView {
  @IsUUID()
  caseId!: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => AttemptView)
  attempt!: AttemptView | null;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => DepartureView)
  departures!: DepartureView[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => HaltView)
  halts!: HaltView[];

  /** Other cases of the person, as this agency has heard: what is open on any of them stands against a departure. */
  @IsArray()
  @IsUUID(undefined, { each: true })
  linkedCaseIds!: string[];

  /** When this was looked up. */
  @IsISO8601()
  asOf!: string;
}
