import {
  AGE_STATUSES,
  type AgeStatus,
  type Answer,
  ANSWERS,
  CONSENT_FORMS,
  CONSENT_GIVERS,
  type ConsentForm,
  type ConsentGiver,
  INDICATOR_DIMENSIONS,
  INDICATOR_LISTS,
  type IndicatorDimension,
  type IndicatorList,
  type Interpretation,
  INTERPRETATIONS,
  OUTCOME_REASONS,
  type OutcomeReason,
  TRAFFICKING_ACTS,
  TRAFFICKING_INDICATORS,
  TRAFFICKING_MEANS,
  TRAFFICKING_OUTCOMES,
  TRAFFICKING_PURPOSES,
  type TraffickingAct,
  type TraffickingMeans,
  type TraffickingOutcome,
  type TraffickingPurpose,
} from '@acogida/reference';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsObject,
  IsUUID,
  Matches,
  ValidateNested,
} from 'class-validator';
import {
  CHILD_ASSENTS,
  type ChildAssent,
  SAFETY_SETTINGS,
  type SafetySetting,
  URGENT_NEEDS_ANSWERS,
  type UrgentNeedsAnswer,
} from '../domain/screening-codes.ts';
import { Nullable } from './nullable.ts';

const LANGUAGE = /^[a-z]{3}$/;
const ISIC_SECTION = /^[A-U]$/;

/** POST /v1/screenings */
export class OpenScreeningBody {
  @IsUUID()
  caseId!: string;

  /** The accepted referral; null when the agency identified the person itself. */
  @Nullable()
  @IsUUID()
  referralId!: string | null;
}

/** POST /v1/screenings/:id/safety */
export class SafetyBody {
  @IsIn(SAFETY_SETTINGS)
  setting!: SafetySetting;

  @IsIn(URGENT_NEEDS_ANSWERS)
  urgentNeeds!: UrgentNeedsAnswer;
}

/** POST /v1/screenings/:id/consent */
export class ConsentBody {
  @IsIn(['GIVEN', 'REFUSED'])
  decision!: 'GIVEN' | 'REFUSED';

  @IsIn(CONSENT_FORMS)
  form!: ConsentForm;

  @IsIn(CONSENT_GIVERS)
  givenBy!: ConsentGiver;

  @IsIn(CHILD_ASSENTS)
  childAssent!: ChildAssent;

  /** ISO 639-3; null only where an earlier register did not record it. */
  @Nullable()
  @Matches(LANGUAGE)
  language!: string | null;

  @Nullable()
  @IsIn(INTERPRETATIONS)
  interpretation!: Interpretation | null;
}

/** One indicator as answered. */
export class IndicatorBody {
  @IsIn(INDICATOR_LISTS)
  list!: IndicatorList;

  @IsIn(INDICATOR_DIMENSIONS)
  dimension!: IndicatorDimension;

  /** Code of the indicator in that dimension. */
  @Matches(/^[A-Z][A-Z0-9_]{0,59}$/)
  code!: string;

  @IsIn(ANSWERS)
  observed!: Answer;
}

/** POST /v1/screenings/:id/interview */
export class InterviewBody {
  /** Unknown age is DISPUTED: doubt is a child (INV-08). */
  @IsIn(AGE_STATUSES)
  ageStatus!: AgeStatus;

  @IsArray()
  @ArrayUnique()
  @IsIn(TRAFFICKING_ACTS, { each: true })
  acts!: TraffickingAct[];

  @IsArray()
  @ArrayUnique()
  @IsIn(TRAFFICKING_MEANS, { each: true })
  means!: TraffickingMeans[];

  @IsArray()
  @ArrayUnique()
  @IsIn(TRAFFICKING_PURPOSES, { each: true })
  purposes!: TraffickingPurpose[];

  @IsDefined()
  @IsArray()
  @ArrayMaxSize(TRAFFICKING_INDICATORS.length)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => IndicatorBody)
  indicators!: IndicatorBody[];

  /** Within one country; null when unknown. */
  @Nullable()
  @IsBoolean()
  isInternal!: boolean | null;

  /** ISIC Rev. 4 section letter; null when unknown. */
  @Nullable()
  @Matches(ISIC_SECTION)
  sector!: string | null;

  @Nullable()
  @Matches(LANGUAGE)
  language!: string | null;

  @Nullable()
  @IsIn(INTERPRETATIONS)
  interpretation!: Interpretation | null;
}

/** POST /v1/screenings/:id/second-review */
export class SecondReviewBody {
  @IsIn(TRAFFICKING_OUTCOMES)
  outcome!: TraffickingOutcome;
}

/** POST /v1/screenings/:id/outcome */
export class OutcomeBody {
  @IsIn(TRAFFICKING_OUTCOMES)
  outcome!: TraffickingOutcome;

  @IsIn(OUTCOME_REASONS)
  reason!: OutcomeReason;
}
