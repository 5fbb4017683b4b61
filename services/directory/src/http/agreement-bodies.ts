import {
  AGENCY_ID,
  AGREEMENT_KINDS,
  AGREEMENT_PURPOSES,
  type AgreementKind,
  type AgreementPurpose,
  REMOVAL_HOLDS,
  type RemovalHold,
} from '@acogida/reference';
import { PageQuery } from '@acogida/service-kit';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
} from 'class-validator';
import { DATE } from './service-bodies.ts';

/** Body of `POST /v1/agreements` and of `PUT /v1/agreements/:agreementId`. */
export class AgreementBody {
  @IsIn(AGREEMENT_KINDS)
  kind!: AgreementKind;

  @IsString()
  @Length(1, 200)
  name!: string;

  /** Agencies that are bound by it. */
  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(100)
  @ArrayUnique()
  @Matches(AGENCY_ID, { each: true })
  @MaxLength(60, { each: true })
  parties!: string[];

  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(AGREEMENT_PURPOSES, { each: true })
  purposes!: AgreementPurpose[];

  /** First day on which it is in force. */
  @Matches(DATE)
  validFrom!: string;

  /** Last day. Left out: it has no end. */
  @IsOptional()
  @Matches(DATE)
  validThrough?: string | null;

  /** Version of the written procedure; a `REFERRAL_PROCEDURE` has one. */
  @IsOptional()
  @IsString()
  @Length(1, 60)
  procedureVersion?: string | null;
}

/** Body of `PUT /v1/agreements/:agreementId/suspension`. */
export class SuspensionBody {
  @IsBoolean()
  suspended!: boolean;
}

/** Body of `PUT /v1/clearance-authorities/:jurisdiction/:agencyId`. */
export class ClearanceAuthorityBody {
  /** Holds that it answers for; none withdraws it. */
  @IsArray()
  @ArrayUnique()
  @IsIn(REMOVAL_HOLDS, { each: true })
  holds!: RemovalHold[];
}

/** Query of the list of clearance authorities. */
export class ClearanceAuthoritiesQuery extends PageQuery {
  /** ISO 3166-1 alpha-2. */
  @IsOptional()
  @Matches(/^[A-Z]{2}$/)
  jurisdiction?: string;
}
