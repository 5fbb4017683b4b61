import {
  AGENCY_ID,
  AGE_STATUSES,
  type AgeStatus,
  COMPLETION_RESULTS,
  type CompletionResult,
  CONSENT_ASSENTS,
  CONSENT_BASES,
  CONSENT_FORMS,
  CONSENT_GIVERS,
  type ConsentAssent,
  type ConsentBasis,
  type ConsentForm,
  type ConsentGiver,
  type Interpretation,
  INTERPRETATIONS,
  NATIONALITY_STATUSES,
  type NationalityStatus,
  OVERRIDE_REASONS,
  type OverrideReason,
  REFERRAL_REASONS,
  REFERRAL_SERVICES,
  type ReferralReason,
  type ReferralService,
  REJECT_REASONS,
  type RejectReason,
  type Sex,
  SEXES,
  URGENCIES,
  type Urgency,
} from '@acogida/reference';
import { REFERRAL_STATUSES, type ReferralStatus, TASK_LISTS, type TaskList } from '@acogida/referral';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { PageQuery } from '../http/paging.ts';
import { AttachmentBody } from './referral-step-requests.ts';

const PARTIAL_DATE = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;

const notNull = (_: object, value: unknown): boolean => value !== null;

/** Accepts null, but not absence. */
const OrNull = (): PropertyDecorator => ValidateIf(notNull);

/** What allows the sharing. */
export class ConsentBody {
  @IsIn(CONSENT_BASES)
  basis!: ConsentBasis;

  @IsIn(CONSENT_FORMS)
  form!: ConsentForm;

  @IsIn(CONSENT_GIVERS)
  givenBy!: ConsentGiver;

  /** Whether the child agrees to what its guardian consents to: said of whoever is a child or may be one (INV-08). */
  @IsOptional()
  @IsIn(CONSENT_ASSENTS)
  childAssent?: ConsentAssent;

  /** ISO 639-3; null where no consent was asked. */
  @OrNull()
  @Matches(/^[a-z]{3}$/)
  language!: string | null;

  /** How it was interpreted (INV-18). */
  @IsOptional()
  @IsIn(INTERPRETATIONS)
  interpretation?: Interpretation;

  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; null when unknown. */
  @OrNull()
  @Matches(PARTIAL_DATE)
  grantedOn!: string | null;
}

/** Inclusive bounds in completed years. */
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

/** Coded facts for the receiver. */
export class FactsBody {
  @IsIn(SEXES)
  sex!: Sex;

  @IsIn(AGE_STATUSES)
  ageStatus!: AgeStatus;

  @OrNull()
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => AgeBandBody)
  ageBand!: AgeBandBody | null;

  @IsArray()
  @ArrayMaxSize(10)
  @ArrayUnique()
  @Matches(/^[A-Z]{2}$/, { each: true })
  nationalities!: string[];

  @IsIn(NATIONALITY_STATUSES)
  nationalityStatus!: NationalityStatus;
}

/** Body of `POST /v1/referrals`. */
export class RequestReferralBody {
  @IsUUID()
  caseId!: string;

  @Matches(AGENCY_ID)
  @MaxLength(60)
  receiver!: string;

  @IsIn(REFERRAL_SERVICES)
  service!: ReferralService;

  @IsIn(URGENCIES)
  urgency!: Urgency;

  @IsIn(REFERRAL_REASONS)
  reason!: ReferralReason;

  /** The recorded consent that allows it. One of `consentId` and `consent` is said. */
  @IsOptional()
  @IsUUID()
  consentId?: string;

  /** What allows it, stated: another basis than consent, or a consent that nobody recorded here. */
  @ValidateIf(({ consentId, consent }: RequestReferralBody) => consentId === undefined || consent !== undefined)
  @IsObject()
  @ValidateNested()
  @Type(() => ConsentBody)
  consent?: ConsentBody;

  /** Why it is to be sent although no consent allows it: for the role `consent-override`, and never past a deny rule. */
  @IsOptional()
  @IsIn(OVERRIDE_REASONS)
  overrideReason?: OverrideReason;

  /** Left out: what this agency has on record. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => FactsBody)
  facts?: FactsBody;

  /** Custody of the case is to move with the acceptance. Only its custodian may ask for that. */
  @IsOptional()
  @IsBoolean()
  transfer?: boolean;

  /** What several services asked for in one go have in common. */
  @IsOptional()
  @IsUUID()
  groupId?: string | null;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => AttachmentBody)
  attachments?: AttachmentBody[];
}

/** Body of `POST /v1/referrals/:id/rejection`. */
export class RejectReferralBody {
  @IsIn(REJECT_REASONS)
  reason!: RejectReason;

  /** Agency to ask instead. */
  @IsOptional()
  @Matches(AGENCY_ID)
  @MaxLength(60)
  alternativeAgency?: string | null;
}

/** Body of `POST /v1/referrals/:id/completion`. */
export class CompleteReferralBody {
  @IsIn(COMPLETION_RESULTS)
  result!: CompletionResult;
}

/** Query of `GET /v1/referrals`. */
export class ReferralListQuery extends PageQuery {
  @IsOptional()
  @IsIn(['sent', 'received'])
  direction?: 'sent' | 'received';

  @IsOptional()
  @IsIn(REFERRAL_STATUSES)
  state?: ReferralStatus;

  @IsOptional()
  @IsUUID()
  caseId?: string;

  /** A task list of this agency: what is due before its day ends, what is late, whose turn it is. */
  @IsOptional()
  @IsIn(TASK_LISTS)
  list?: TaskList;

  /** What the supervisor of this agency is asked for, because a step was missed. */
  @IsOptional()
  @IsIn(['true'])
  escalated?: 'true';
}
