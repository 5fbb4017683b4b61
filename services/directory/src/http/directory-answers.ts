import type { OpeningHours } from '@acogida/reference';
import { IsArray, IsBoolean, IsIn, IsInt, IsObject, IsOptional, IsString, IsUUID } from 'class-validator';
import type { PublicKey } from '../domain/agency.ts';
import type { Eligibility, ServiceArea } from '../domain/service-entry.ts';
import type {
  AgencyEntity,
  AgencyKeyEntity,
  AgreementEntity,
  ClearanceAuthorityEntity,
  FocalPointEntity,
  ServiceEntity,
} from '../projections/directory.entities.ts';

/** An agency as answered. */
export class AgencyView {
  @IsString()
  agencyId!: string;

  @IsInt()
  version!: number;

  @IsString()
  name!: string;

  @IsString()
  kind!: string;

  @IsOptional()
  @IsString()
  jurisdiction!: string | null;

  @IsString()
  status!: string;

  @IsString()
  nature!: string;

  @IsOptional()
  @IsString()
  authorityOf!: string | null;

  @IsString()
  participation!: string;

  @IsOptional()
  @IsString()
  successor!: string | null;

  @IsArray()
  @IsString({ each: true })
  languages!: string[];
}

/** A focal point as answered. */
export class FocalPointView {
  @IsString()
  agencyId!: string;

  @IsString()
  role!: string;

  @IsString()
  contact!: string;

  /** Null for any region. */
  @IsOptional()
  @IsString()
  originRegion!: string | null;

  @IsArray()
  @IsString({ each: true })
  languages!: string[];
}

/** A public key as answered. */
export class KeyView {
  @IsString()
  agencyId!: string;

  @IsString()
  keyId!: string;

  @IsIn(['SIGNING'])
  use!: 'SIGNING';

  @IsObject()
  publicKey!: PublicKey;

  @IsInt()
  fromNumber!: number;
}

/** A service as answered. */
export class ServiceView {
  @IsUUID()
  serviceId!: string;

  @IsInt()
  version!: number;

  @IsString()
  agencyId!: string;

  @IsString()
  type!: string;

  @IsString()
  name!: string;

  @IsArray()
  @IsString({ each: true })
  languages!: string[];

  @IsArray()
  @IsString({ each: true })
  areas!: string[];

  @IsString()
  capacity!: string;

  /** Places free; null when they are not counted. */
  @IsOptional()
  @IsInt()
  available!: number | null;

  @IsOptional()
  @IsInt()
  maximum!: number | null;

  @IsOptional()
  @IsString()
  unit!: string | null;

  /** When the capacity was so; null when that was never told. */
  @IsOptional()
  @IsString()
  updated!: string | null;

  @IsOptional()
  @IsString()
  description!: string | null;

  @IsString()
  status!: string;

  @IsArray()
  @IsObject({ each: true })
  service_areas!: ServiceArea[];

  @IsObject()
  eligibility!: Eligibility;

  @IsArray()
  @IsObject({ each: true })
  schedules!: OpeningHours[];
}

/** An agreement as answered. */
export class AgreementView {
  @IsUUID()
  agreementId!: string;

  @IsInt()
  version!: number;

  @IsString()
  kind!: string;

  @IsString()
  name!: string;

  @IsArray()
  @IsString({ each: true })
  parties!: string[];

  @IsArray()
  @IsString({ each: true })
  purposes!: string[];

  @IsString()
  validFrom!: string;

  @IsOptional()
  @IsString()
  validThrough!: string | null;

  @IsOptional()
  @IsString()
  procedureVersion!: string | null;

  @IsBoolean()
  suspended!: boolean;
}

/** A clearance authority as answered. */
export class ClearanceAuthorityView {
  @IsString()
  jurisdiction!: string;

  @IsString()
  agencyId!: string;

  @IsArray()
  @IsString({ each: true })
  holds!: string[];

  /** Version of the jurisdiction's list when this was said. */
  @IsInt()
  version!: number;
}

/** The answers of rows; the columns are the answer. */
export const agencyViewOf = (row: AgencyEntity): AgencyView => ({ ...row });
/** As `agencyViewOf`; any region is null. */
export const focalPointViewOf = ({ originRegion, ...row }: FocalPointEntity): FocalPointView => ({
  ...row,
  originRegion: originRegion === '' ? null : originRegion,
});
/** As `agencyViewOf`. */
export const keyViewOf = (row: AgencyKeyEntity): KeyView => ({ ...row });
/** As `agencyViewOf`, by the name that HSDS gives the areas. */
export const serviceViewOf = ({ serviceAreas, ...row }: ServiceEntity): ServiceView => ({
  ...row,
  service_areas: serviceAreas,
});
/** As `agencyViewOf`. */
export const agreementViewOf = (row: AgreementEntity): AgreementView => ({ ...row });
/** As `agencyViewOf`. */
export const clearanceAuthorityViewOf = (row: ClearanceAuthorityEntity): ClearanceAuthorityView => ({ ...row });
