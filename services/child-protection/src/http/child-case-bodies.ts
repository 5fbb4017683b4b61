import {
  CHILD_BASES,
  CHILD_CARE_TYPES,
  CHILD_CASE_ENDS,
  CHILD_NEXT_STEPS,
  CHILD_SITUATIONS,
  type ChildBasis,
  type ChildCare,
  type ChildCaseEnd,
  type ChildNextStep,
  CHILDS_VIEWS,
  type ChildsViews,
  INTEREST_CONFLICTS,
  type InterestConflict,
  INTERPRETATIONS,
  type Interpretation,
  REGISTRY_GAPS,
  type RegistryGap,
  REPRESENTATION_ENDS,
  type RepresentationEnd,
  REPRESENTATIVE_POSTS,
  type RepresentativePost,
  SITUATION_BASES,
  URGENCIES,
  type Urgency,
} from '@acogida/reference';
import { PageQuery } from '@acogida/service-kit';
import { Type } from 'class-transformer';
import {
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsISO8601,
  IsObject,
  IsOptional,
  IsUUID,
  Matches,
  ValidateNested,
} from 'class-validator';
import type { ReviseSituation } from '../domain/child-case-commands.ts';
import { CHILD_STAGES, type ChildStage } from '../domain/child-case-state.ts';
import { IDENTIFIED_SITUATIONS, type IdentifiedSituation } from '../domain/situations.ts';

const LANGUAGE = /^[a-z]{3}$/;
/** An instant as we write them. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
/** Code of a place, as intake has it. */
const PLACE = /^[A-Z0-9][A-Z0-9_-]{0,39}$/;
/** A file number of a registry: no words. */
const REFERENCE = /^[A-Z0-9][A-Z0-9./-]{0,39}$/;
const FOUND = CHILD_SITUATIONS.filter((one) => one !== 'NOT_ESTABLISHED');
const OFFICERS_BASES = SITUATION_BASES.filter((one) => one !== 'REPORTED_ELSEWHERE');

/** Body of `POST /v1/child-cases`. */
export class IdentifyChildBody {
  @IsUUID()
  caseId!: string;

  /** A referral for child protection that this agency accepted; left out or null where there was none. */
  @IsOptional()
  @IsUUID()
  referralId?: string | null;

  /** Doubt on age means child (INV-08). */
  @IsIn(CHILD_BASES)
  basis!: ChildBasis;

  @IsIn(IDENTIFIED_SITUATIONS)
  situation!: IdentifiedSituation;

  @IsIn(URGENCIES)
  urgency!: Urgency;

  /** Where the child is; left out or null where that is not known. */
  @IsOptional()
  @Matches(PLACE)
  place?: string | null;
}

/** Body of `POST /v1/child-cases/:id/situation`. */
export class ReviseSituationBody {
  @IsIn(FOUND)
  situation!: ReviseSituation['situation'];

  @IsIn(OFFICERS_BASES)
  basis!: ReviseSituation['basis'];
}

/** One registry: a reference, or why there is none. */
export class RegistryEntryBody {
  @IsOptional()
  @Matches(REFERENCE)
  reference?: string | null;

  @IsOptional()
  @IsIn(REGISTRY_GAPS)
  missing?: RegistryGap | null;
}

/** Body of `POST /v1/child-cases/:id/registration`. */
export class RegisterChildBody {
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => RegistryEntryBody)
  migratory!: RegistryEntryBody;

  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => RegistryEntryBody)
  civil!: RegistryEntryBody;
}

/** A step for which the child is heard (INV-12). */
class HearingBody {
  /** Whether the child’s views are recorded, or why not. */
  @IsIn(CHILDS_VIEWS)
  views!: ChildsViews;
}

/** Body of `POST /v1/child-cases/:id/urgent-care`. */
export class UrgentCareBody extends HearingBody {
  @IsIn(CHILD_CARE_TYPES)
  care!: ChildCare;

  /** Whether it is a place that the child may not leave (INV-11). */
  @IsBoolean()
  isDetention!: boolean;

  /** Whether whoever cares was looked into; asked of relatives. */
  @IsBoolean()
  isCarerVerified!: boolean;
}

/** Body of `POST /v1/child-cases/:id/guardian` and `…/legal-representative`. */
export class AppointmentBody extends HearingBody {
  /** Id in the register of whoever appoints; never a name. */
  @IsUUID()
  representativeId!: string;

  @IsIn(REPRESENTATIVE_POSTS)
  post!: RepresentativePost;

  /** What was declared or found; an empty list says that there is none. */
  @IsArray()
  @ArrayUnique()
  @IsIn(INTEREST_CONFLICTS, { each: true })
  conflicts!: InterestConflict[];

  /** Whether the link to the child was verified; asked of relatives and of adults who came with it. */
  @IsBoolean()
  isVerified!: boolean;
}

/** Body of `POST /v1/child-cases/:id/guardian/end` and `…/legal-representative/end`. */
export class RepresentationEndBody {
  @IsIn(REPRESENTATION_ENDS)
  reason!: RepresentationEnd;
}

/** Body of `POST /v1/child-cases/:id/interviews`. */
export class ChildInterviewBody extends HearingBody {
  @IsISO8601({ strict: true })
  @Matches(INSTANT, { message: 'heldAt must be an instant in UTC, to the millisecond' })
  heldAt!: string;

  /** ISO 639-3 (INV-18). */
  @Matches(LANGUAGE)
  language!: string;

  @IsIn(INTERPRETATIONS)
  interpretation!: Interpretation;

  /** About what will be decided of the child. */
  @IsBoolean()
  isSubstantive!: boolean;
}

/** Body of `POST /v1/child-cases/:id/transition-plan`. */
export class TransitionPlanBody extends HearingBody {
  /** Calendar date on which the plan is looked at again. */
  @IsISO8601({ strict: true })
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  reviewOn!: string;
}

/** Body of `POST /v1/child-cases/:id/closing`. */
export class CloseChildCaseBody extends HearingBody {
  @IsIn(CHILD_CASE_ENDS)
  reason!: ChildCaseEnd;

  /** What follows (INV-19). */
  @IsIn(CHILD_NEXT_STEPS)
  nextStep!: ChildNextStep;

  /** Where another authority takes over: the referral for child protection that it accepted. */
  @IsOptional()
  @IsUUID()
  referralId?: string | null;
}

/** Query of `GET /v1/child-cases`. */
export class ChildCaseListQuery extends PageQuery {
  /** `REPORTED`: whom an officer has to meet. */
  @IsOptional()
  @IsIn(CHILD_STAGES)
  stage?: ChildStage;

  @IsOptional()
  @IsUUID()
  caseId?: string;

  /** `true`: children without a guardian in time. */
  @IsOptional()
  @IsIn(['true'])
  overdue?: 'true';
}
