import {
  AGENCY_ID,
  CAPACITIES,
  type Capacity,
  PROFILE_STAGES,
  type ProfileStage,
  REFERRAL_SERVICES,
  type ReferralService,
  SERVICE_STATUSES,
  type ServiceStatus,
  type Sex,
  SEXES,
  type Weekday,
  WEEKDAYS,
} from '@acogida/reference';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
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

// Members that HSDS 3 has carry its names, as it writes them.

/** A calendar date, `YYYY-MM-DD`. */
export const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const COUNTRY = /^[A-Z]{2}$/;
const LANGUAGE = /^[a-z]{3}$/;
const MOST_COUNTRIES = 250;

/** Body of `PUT /v1/services/:serviceId/capacity`. */
export class CapacityBody {
  @IsIn(CAPACITIES)
  capacity!: Capacity;

  /** Places free. Left out: not counted. */
  @IsOptional()
  @IsInt()
  @Min(0)
  available?: number | null;

  /** Places in all; only beside `available`. */
  @IsOptional()
  @IsInt()
  @Min(0)
  maximum?: number | null;

  /** What is counted. Left out beside `available`: `places`. */
  @IsOptional()
  @IsString()
  @Length(1, 60)
  unit?: string | null;

  /** When this was so, ISO 8601. Left out: now, when it changes anything. */
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  updated?: string | null;
}

/** A country served, or a named part of it. */
export class ServiceAreaBody {
  @Matches(COUNTRY)
  country!: string;

  /** Left out: all of the country. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  name?: string | null;
}

/** Who may use a service. What is left out leaves nobody out. */
export class EligibilityBody {
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(120)
  minimum_age?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(120)
  maximum_age?: number | null;

  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsIn(SEXES, { each: true })
  sexes?: Sex[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_COUNTRIES)
  @ArrayUnique()
  @Matches(COUNTRY, { each: true })
  nationalities?: string[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_COUNTRIES)
  @ArrayUnique()
  @Matches(COUNTRY, { each: true })
  excluded_nationalities?: string[];

  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsIn(PROFILE_STAGES, { each: true })
  stages?: ProfileStage[];

  @IsOptional()
  @IsString()
  @Length(1, 2000)
  eligibility_description?: string | null;
}

/** Weekly opening hours. */
export class ScheduleBody {
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(WEEKDAYS, { each: true })
  byday!: Weekday[];

  /** Local time, `HH:MM`. */
  @Matches(/^([01]\d|2[0-3]):[0-5]\d$/)
  opens_at!: string;

  /** Local time, `HH:MM` up to `24:00`; at or before `opens_at` that of the next day. */
  @Matches(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/)
  closes_at!: string;

  /** IANA time zone, or an offset `±HH:MM`. */
  @IsString()
  @Length(1, 60)
  timezone!: string;

  @IsOptional()
  @Matches(DATE)
  valid_from?: string | null;

  @IsOptional()
  @Matches(DATE)
  valid_to?: string | null;
}

/** Body of `POST /v1/services` and of `PUT /v1/services/:serviceId`. */
export class ListServiceBody extends CapacityBody {
  @Matches(AGENCY_ID)
  @MaxLength(60)
  agencyId!: string;

  @IsIn(REFERRAL_SERVICES)
  type!: ReferralService;

  @IsString()
  @Length(1, 200)
  name!: string;

  /** ISO 639-3. */
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(LANGUAGE, { each: true })
  languages!: string[];

  /** Countries served, ISO 3166-1 alpha-2; none when it serves everywhere. */
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(COUNTRY, { each: true })
  areas!: string[];

  /** The same in parts of countries. Left out: all of each of `areas`. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ServiceAreaBody)
  service_areas?: ServiceAreaBody[];

  @IsOptional()
  @IsString()
  @Length(1, 2000)
  description?: string | null;

  /** Left out: `ACTIVE`. */
  @IsOptional()
  @IsIn(SERVICE_STATUSES)
  status?: ServiceStatus;

  /** Left out: everybody. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => EligibilityBody)
  eligibility?: EligibilityBody;

  /** Left out: none are stated. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ScheduleBody)
  schedules?: ScheduleBody[];
}
