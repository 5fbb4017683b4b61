import {
  ASYLUM_INTENT_MANNERS,
  type AsylumIntentManner,
  CARE_STATUSES,
  type CareStatus,
  CHILD_BASES,
  type ChildBasis,
  INDICATOR_DIMENSIONS,
  INDICATOR_LISTS,
  type IndicatorDimension,
  type IndicatorList,
  OBSERVATION_SOURCES,
  type ObservationSource,
} from '@acogida/reference';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsObject, Matches, ValidateNested } from 'class-validator';
import {
  COMPLAINT_FILED_BY,
  COMPLAINT_OUTCOMES,
  COMPLAINT_SUBJECTS,
  type ComplaintFiledBy,
  type ComplaintOutcome,
  type ComplaintSubject,
  EMERGENCY_ASSISTANCE_KINDS,
  type EmergencyAssistanceKind,
} from '../domain/intake-codes.ts';
import { OrNull, PARTIAL_DATE } from './request-fields.ts';

const MOST_INDICATORS = 67;

/** Body of `POST /v1/cases/:caseId/emergency-assistance`. */
export class ProvideEmergencyAssistanceBody {
  @IsIn(EMERGENCY_ASSISTANCE_KINDS)
  kind!: EmergencyAssistanceKind;

  @OrNull()
  @Matches(PARTIAL_DATE)
  providedOn!: string | null;
}

/** Body of `POST /v1/cases/:caseId/asylum-intent`. */
export class RecordAsylumIntentBody {
  @OrNull()
  @Matches(PARTIAL_DATE)
  expressedOn!: string | null;

  @IsIn(ASYLUM_INTENT_MANNERS)
  manner!: AsylumIntentManner;
}

/** Body of `POST /v1/cases/:caseId/child-flag`. */
export class FlagChildBody {
  @IsIn(CHILD_BASES)
  basis!: ChildBasis;

  @IsIn(CARE_STATUSES)
  careStatus!: CareStatus;
}

/** One indicator of a list. */
export class IndicatorBody {
  @IsIn(INDICATOR_LISTS)
  list!: IndicatorList;

  @IsIn(INDICATOR_DIMENSIONS)
  dimension!: IndicatorDimension;

  @Matches(/^[A-Z][A-Z0-9_]{0,59}$/)
  code!: string;
}

/** Body of `POST /v1/cases/:caseId/trafficking-flag`. No indicator: a plain suspicion. */
export class FlagTraffickingIndicatorBody {
  @IsIn(OBSERVATION_SOURCES)
  source!: ObservationSource;

  @IsArray()
  @ArrayMaxSize(MOST_INDICATORS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => IndicatorBody)
  indicators!: IndicatorBody[];
}

/** Body of `POST /v1/cases/:caseId/complaints`. */
export class FileComplaintBody {
  @IsIn(COMPLAINT_SUBJECTS)
  subject!: ComplaintSubject;

  @IsIn(COMPLAINT_FILED_BY)
  filedBy!: ComplaintFiledBy;
}

/** Body of `POST /v1/cases/:caseId/complaints/:complaintId/resolution`. */
export class ResolveComplaintBody {
  @IsIn(COMPLAINT_OUTCOMES)
  outcome!: ComplaintOutcome;
}
