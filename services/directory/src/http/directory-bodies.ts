import {
  AGENCY_ID,
  AGENCY_KINDS,
  AGENCY_NATURES,
  AGENCY_STATUSES,
  type AgencyKind,
  type AgencyNature,
  type AgencyStatus,
  FOCAL_POINT_ROLES,
  type FocalPointRole,
  ORIGIN_REGIONS,
  type OriginRegion,
  type Participation,
  PARTICIPATIONS,
} from '@acogida/reference';
import { PageQuery } from '@acogida/service-kit';
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
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

/** Body of `PUT /v1/agencies/:agencyId`. */
export class AgencyBody {
  @IsString()
  @Length(1, 200)
  name!: string;

  @IsIn(AGENCY_KINDS)
  kind!: AgencyKind;

  /** ISO 3166-1 alpha-2; null for a regional agency. */
  @ValidateIf((_, value: unknown) => value !== null)
  @Matches(/^[A-Z]{2}$/)
  jurisdiction!: string | null;

  /** Left out: as listed, at first the usual of the kind. */
  @IsOptional()
  @IsIn(AGENCY_NATURES)
  nature?: AgencyNature;

  /** State whose authority or mission it is; null for none. Left out: as listed, at first an authority's own jurisdiction. */
  @IsOptional()
  @Matches(/^[A-Z]{2}$/)
  authorityOf?: string | null;

  /** Left out: as listed, at first `NODE`. */
  @IsOptional()
  @IsIn(PARTICIPATIONS)
  participation?: Participation;

  /** ISO 639-3. Left out: as listed, at first none. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(/^[a-z]{3}$/, { each: true })
  languages?: string[];
}

/** Body of `POST /v1/agencies`. */
export class ListAgencyBody extends AgencyBody {
  @Matches(AGENCY_ID)
  @MaxLength(60)
  agencyId!: string;
}

/** Body of `PUT /v1/agencies/:agencyId/status`. */
export class AgencyStatusBody {
  @IsIn(AGENCY_STATUSES)
  status!: AgencyStatus;
}

/** Body of `PUT /v1/agencies/:agencyId/successor`. */
export class SuccessorBody {
  /** Null when none is named any more. */
  @ValidateIf((_, value: unknown) => value !== null)
  @Matches(AGENCY_ID)
  @MaxLength(60)
  successor!: string | null;
}

/** Body of `POST /v1/focal-points`. */
export class DesignateFocalPointBody {
  @Matches(AGENCY_ID)
  @MaxLength(60)
  agencyId!: string;

  @IsIn(FOCAL_POINT_ROLES)
  role!: FocalPointRole;

  /** Organisational mailbox, or telephone number with country code. */
  @IsString()
  @Length(3, 200)
  contact!: string;

  /** Region of origin that an extra-continental focal point serves. Left out: any. */
  @IsOptional()
  @IsIn(ORIGIN_REGIONS)
  originRegion?: OriginRegion | null;

  /** ISO 639-3. Left out: none stated. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(/^[a-z]{3}$/, { each: true })
  languages?: string[];
}

/** An Ed25519 public key as JWK. A private part is refused as an unknown property. */
export class PublicKeyBody {
  @IsIn(['OKP'])
  kty!: 'OKP';

  @IsIn(['Ed25519'])
  crv!: 'Ed25519';

  @Matches(/^[A-Za-z0-9_-]{43}$/)
  x!: string;
}

/** Body of `POST /v1/keys`. */
export class ListKeyBody {
  @Matches(AGENCY_ID)
  @MaxLength(60)
  agencyId!: string;

  @IsString()
  @Length(1, 100)
  keyId!: string;

  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => PublicKeyBody)
  publicKey!: PublicKeyBody;

  /** First event number of the agency that this key may sign. */
  @IsInt()
  @Min(1)
  fromNumber!: number;
}

/** Query of the lists that can be narrowed to one agency. */
export class OfAgencyQuery extends PageQuery {
  @IsOptional()
  @Matches(AGENCY_ID)
  @MaxLength(60)
  agencyId?: string;
}

/** Query of the list of focal points. */
export class FocalPointsQuery extends OfAgencyQuery {
  @IsOptional()
  @IsIn(FOCAL_POINT_ROLES)
  role?: FocalPointRole;

  /** Country of origin, ISO 3166-1 alpha-2: those of its region, and those of any. */
  @IsOptional()
  @Matches(/^[A-Z]{2}$/)
  origin?: string;
}
