import {
  type Answer,
  ANSWERS,
  CARE_STATUSES,
  type CareStatus,
  DOB_PRECISIONS,
  type DobPrecision,
  NATIONALITY_STATUSES,
  type NationalityStatus,
  type Sex,
  SEXES,
  type UrgentNeed,
  URGENT_NEEDS,
} from '@acogida/reference';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { COUNTRY, LANGUAGE, OrNull } from './request-fields.ts';

/** Inclusive bounds in completed years; a null bound is open. */
export class AgeBandBody {
  @OrNull()
  @IsInt()
  @Min(0)
  @Max(130)
  fromYears!: number | null;

  @OrNull()
  @IsInt()
  @Min(0)
  @Max(130)
  toYears!: number | null;
}

/** Body of `POST /v1/cases/:caseId/registration`. The age status is derived, never sent (INV-08). */
export class RegisterPersonBody {
  @IsIn(SEXES)
  sex!: Sex;

  /** Null: nothing is known of the age. */
  @OrNull()
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => AgeBandBody)
  ageBand!: AgeBandBody | null;

  @IsOptional()
  @IsBoolean()
  ageDisputed?: boolean | null;

  @IsIn(DOB_PRECISIONS)
  dobPrecision!: DobPrecision;

  @IsArray()
  @ArrayMaxSize(10)
  @ArrayUnique()
  @Matches(COUNTRY, { each: true })
  nationalities!: string[];

  @IsIn(NATIONALITY_STATUSES)
  nationalityStatus!: NationalityStatus;

  @IsArray()
  @ArrayMaxSize(20)
  @ArrayUnique()
  @Matches(LANGUAGE, { each: true })
  languages!: string[];

  @IsOptional()
  @IsIn(CARE_STATUSES)
  careStatus?: CareStatus | null;
}

/** One line of the checklist. */
export class UrgentNeedBody {
  @IsIn(URGENT_NEEDS)
  need!: UrgentNeed;

  @IsIn(ANSWERS)
  answer!: Answer;
}

/** Body of `POST /v1/cases/:caseId/urgent-needs`: every need of the checklist, each once. */
export class ScreenUrgentNeedsBody {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(URGENT_NEEDS.length)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => UrgentNeedBody)
  needs!: UrgentNeedBody[];
}
