import {
  AGENCY_ID,
  AGE_STATUSES,
  type AgeStatus,
  PROFILE_STAGES,
  type ProfileStage,
  REFERRAL_REASONS,
  REFERRAL_SERVICES,
  type ReferralReason,
  type ReferralService,
  type Sex,
  SEXES,
  URGENCIES,
  type Urgency,
} from '@acogida/reference';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { AgeBandBody, ConsentBody, FactsBody } from '../referral-desk/referral-requests.ts';

const COUNTRY = /^[A-Z]{2}$/;
const LANGUAGE = /^[a-z]{3}$/;

/** A member of the family, in coded facts; what is not known is left out. */
export class FamilyMemberBody {
  /** Left out: `UNKNOWN`. */
  @IsOptional()
  @IsIn(SEXES)
  sex?: Sex;

  @IsIn(AGE_STATUSES)
  ageStatus!: AgeStatus;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => AgeBandBody)
  ageBand?: AgeBandBody | null;

  /** ISO 3166-1 alpha-2. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @ArrayUnique()
  @Matches(COUNTRY, { each: true })
  nationalities?: string[];
}

/** Body of `POST /v1/candidates`: who can take this referral? Nothing of it is kept. */
export class CandidatesBody {
  @IsUUID()
  caseId!: string;

  @IsIn(REFERRAL_SERVICES)
  service!: ReferralService;

  @IsIn(URGENCIES)
  urgency!: Urgency;

  @IsIn(REFERRAL_REASONS)
  reason!: ReferralReason;

  /** The recorded consent that it is to rest on. */
  @IsOptional()
  @IsUUID()
  consentId?: string;

  /** What allows it, stated. With neither: as if the person would consent to each; deny rules hold all the same. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ConsentBody)
  consent?: ConsentBody;

  /** Left out: what this agency has on record. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => FactsBody)
  facts?: FactsBody;

  /** Where the person is, ISO 3166-1 alpha-2. Left out: where this agency is; a regional agency says it. */
  @IsOptional()
  @Matches(COUNTRY)
  country?: string;

  /** Part of the country, as service areas name it. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  area?: string | null;

  @IsOptional()
  @IsIn(PROFILE_STAGES)
  stage?: ProfileStage | null;

  /** ISO 639-3. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @ArrayUnique()
  @Matches(LANGUAGE, { each: true })
  languages?: string[];

  /** Members of the family who should stay together with the person. Left out: none. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(30)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => FamilyMemberBody)
  family?: FamilyMemberBody[];

  /** Agencies that were asked before and are not to be asked again. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @Matches(AGENCY_ID, { each: true })
  @MaxLength(60, { each: true })
  exclude?: string[];
}
