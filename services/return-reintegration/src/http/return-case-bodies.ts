import {
  AGE_STATUSES,
  type AgeStatus,
  CARE_STATUSES,
  type CareStatus,
  CONSENT_ASSENTS,
  CONSENT_FORMS,
  CONSENT_GIVERS,
  CONSENT_TIES,
  type ConsentAssent,
  type ConsentForm,
  type ConsentGiver,
  type ConsentTie,
  COUNSELLED_OPTIONS,
  type CounselledOption,
  COUNTRIES,
  INTERPRETATIONS,
  type Interpretation,
  RETURN_DECLINE_REASONS,
  type ReturnDeclineReason,
  TOLD_TO,
  type ToldTo,
  WITHDRAWAL_REASONS,
  type WithdrawalReason,
} from '@acogida/reference';
import { PageQuery } from '@acogida/service-kit';
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsISO8601,
  IsOptional,
  IsUUID,
  Matches,
} from 'class-validator';
import { RETURN_STAGES, type ReturnStage } from '../domain/return-case-state.ts';

const LANGUAGE = /^[a-z]{3}$/;
/** An instant as we write them. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Body of `POST /v1/return-cases`. */
export class ReturnApplicationBody {
  @IsUUID()
  caseId!: string;

  /** A referral that this agency accepted; left out or null for somebody who came directly. */
  @IsOptional()
  @IsUUID()
  referralId?: string | null;

  /** Where the person wants to return to. */
  @IsIn(COUNTRIES)
  destination!: string;

  /** Doubt on age means child (INV-08). */
  @IsIn(AGE_STATUSES)
  ageStatus!: AgeStatus;

  /** With whom a child is; left out or null where nobody knows, and for an adult. */
  @IsOptional()
  @IsIn(CARE_STATUSES)
  careStatus?: CareStatus | null;
}

/** How something was said to and by the person (INV-18). */
class ReturnConversationBody {
  /** ISO 639-3. */
  @Matches(LANGUAGE)
  language!: string;

  @IsIn(INTERPRETATIONS)
  interpretation!: Interpretation;

  /** Whether the person was detained then. */
  @IsBoolean()
  isDetained!: boolean;
}

/** Body of `POST /v1/return-cases/:id/counselling`. */
export class ReturnCounsellingBody extends ReturnConversationBody {
  @IsISO8601({ strict: true })
  @Matches(INSTANT, { message: 'heldAt must be an instant in UTC, to the millisecond' })
  heldAt!: string;

  /** What was spoken of. */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(COUNSELLED_OPTIONS, { each: true })
  options!: CounselledOption[];
}

/** Body of `POST /v1/return-cases/:id/consent`. */
export class ReturnConsentBody extends ReturnConversationBody {
  @IsISO8601({ strict: true })
  @Matches(INSTANT, { message: 'signedAt must be an instant in UTC, to the millisecond' })
  signedAt!: string;

  @IsIn(CONSENT_FORMS)
  form!: ConsentForm;

  @IsIn(CONSENT_GIVERS)
  givenBy!: ConsentGiver;

  /** Of a child whose guardian consents. */
  @IsIn(CONSENT_ASSENTS)
  assent!: ConsentAssent;

  /** Somebody independent of those who detain and return. */
  @IsBoolean()
  hasIndependentWitness!: boolean;

  /** What the officer found that it depends on; an empty list says that there is nothing. */
  @IsArray()
  @ArrayUnique()
  @IsIn(CONSENT_TIES, { each: true })
  ties!: ConsentTie[];
}

/** Body of `POST /v1/return-cases/:id/withdrawal`. Nobody has to say why. */
export class ReturnWithdrawalBody {
  @IsIn(TOLD_TO)
  toldTo!: ToldTo;

  /** `NOT_STATED` where left out. */
  @IsOptional()
  @IsIn(WITHDRAWAL_REASONS)
  reason?: WithdrawalReason;
}

/** Body of `POST /v1/return-cases/:id/refusal`. */
export class ReturnRefusalBody {
  @IsIn(RETURN_DECLINE_REASONS)
  reason!: ReturnDeclineReason;
}

/** Query of `GET /v1/return-cases`. */
export class ReturnCaseListQuery extends PageQuery {
  @IsOptional()
  @IsIn(RETURN_STAGES)
  stage?: ReturnStage;

  @IsOptional()
  @IsUUID()
  caseId?: string;
}
