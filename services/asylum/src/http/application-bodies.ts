import { LODGED_BY, type LodgedBy, LODGING_FORMS, type LodgingForm } from '@acogida/reference';
import { PageQuery } from '@acogida/service-kit';
import { IsBoolean, IsIn, IsOptional, IsUUID, Matches, ValidateIf } from 'class-validator';
import { APPLICATION_STAGES, type ApplicationStage } from '../domain/asylum-application.ts';
import { LATE_FILING_REASONS, type LateFilingReason } from '../domain/late-filing-reasons.ts';

const PARTIAL_DATE = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;
const CALENDAR_DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
/** Has a number in it: no name of a person, no free text. */
const FILE_NUMBER = /^(?=.*\d)[A-Za-z0-9][A-Za-z0-9/._-]{0,39}$/;
const FLAGS = ['true', 'false'] as const;

/** Body of `POST /v1/applications`. */
export class LodgeApplicationBody {
  @IsUUID()
  caseId!: string;

  /** A referral that this agency accepted; left out or null for a direct filing. */
  @IsOptional()
  @IsUUID()
  referralId?: string | null;

  @IsIn(LODGING_FORMS)
  form!: LodgingForm;

  @IsIn(LODGED_BY)
  lodgedBy!: LodgedBy;

  @Matches(CALENDAR_DATE)
  lodgedOn!: string;

  /** Entry into the country, as precisely as known. */
  @ValidateIf((_: object, value: unknown) => value !== null)
  @Matches(PARTIAL_DATE)
  enteredOn!: string | null;
}

/** Body of `POST /v1/applications/:id/ratification`. */
export class RatifyApplicationBody {
  @Matches(CALENDAR_DATE)
  ratifiedOn!: string;
}

/** Body of `POST /v1/applications/:id/late-filing-justification`. */
export class JustifyLateFilingBody {
  @IsIn(LATE_FILING_REASONS)
  reason!: LateFilingReason;

  @IsBoolean()
  accepted!: boolean;
}

/** Body of `POST /v1/applications/:id/registration`. */
export class RegisterApplicationBody {
  @Matches(CALENDAR_DATE)
  registeredOn!: string;

  /** The agency's own file number; it never leaves the agency. */
  @Matches(FILE_NUMBER)
  fileNumber!: string;
}

/** Query of `GET /v1/applications`. */
export class ApplicationListQuery extends PageQuery {
  @IsOptional()
  @IsIn(APPLICATION_STAGES)
  stage?: ApplicationStage;

  @IsOptional()
  @IsIn(FLAGS)
  late?: (typeof FLAGS)[number];

  @IsOptional()
  @IsUUID()
  caseId?: string;
}
