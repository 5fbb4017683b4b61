import {
  AGENCY_ID,
  AGE_STATUSES,
  type AgeStatus,
  CONSENT_BASES,
  type ConsentBasis,
  PROFILE_STAGES,
  type ProfileStage,
  REFERRAL_SERVICES,
  type ReferralService,
  type Sex,
  SEXES,
  URGENCIES,
  type Urgency,
} from '@acogida/reference';
import { CandidateView } from '@acogida/service-kit';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

const COUNTRY = /^[A-Z]{2}$/;

/** Coded facts of a person; what is not known is left out. */
export class RoutedPersonBody {
  /** Left out: `UNKNOWN`. */
  @IsOptional()
  @IsIn(SEXES)
  sex?: Sex;

  @IsIn(AGE_STATUSES)
  ageStatus!: AgeStatus;

  /** Completed years. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(120)
  fromYears?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(120)
  toYears?: number | null;

  /** ISO 3166-1 alpha-2. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @ArrayUnique()
  @Matches(COUNTRY, { each: true })
  nationalities?: string[];

  @IsOptional()
  @IsIn(PROFILE_STAGES)
  stage?: ProfileStage | null;

  /** ISO 639-3. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @ArrayUnique()
  @Matches(/^[a-z]{3}$/, { each: true })
  languages?: string[];
}

/** Body of `POST /v1/candidates`: who can take this referral? It names nobody, and nothing of it is kept. */
export class RoutingQuestionBody {
  @IsIn(REFERRAL_SERVICES)
  service!: ReferralService;

  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => RoutedPersonBody)
  person!: RoutedPersonBody;

  /** Members of the family who should stay together with the person. Left out: none. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(30)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => RoutedPersonBody)
  family?: RoutedPersonBody[];

  /** Where the person is, ISO 3166-1 alpha-2. */
  @Matches(COUNTRY)
  country!: string;

  /** Part of the country, as service areas name it. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  area?: string | null;

  @IsIn(URGENCIES)
  urgency!: Urgency;

  /** What allows sharing. Left out: `CONSENT`. */
  @IsOptional()
  @IsIn(CONSENT_BASES)
  basis?: ConsentBasis;

  /** Agency that refers. */
  @Matches(AGENCY_ID)
  @MaxLength(60)
  from!: string;

  /** Agencies that were asked before and are not to be asked again. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @Matches(AGENCY_ID, { each: true })
  exclude?: string[];
}

/** Answer of `POST /v1/candidates`: those that can first, in the order in which to ask them. */
export class CandidatesView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CandidateView)
  candidates!: CandidateView[];
}
