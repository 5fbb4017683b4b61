import { IsArray, IsIn, IsInt, IsObject, IsOptional, IsString, IsUUID } from 'class-validator';
import type { PublicKey } from '../domain/agency.ts';
import type {
  AgencyEntity,
  AgencyKeyEntity,
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
}

/** A focal point as answered. */
export class FocalPointView {
  @IsString()
  agencyId!: string;

  @IsString()
  role!: string;

  @IsString()
  contact!: string;
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
}

/** The answers of rows; the columns are the answer. */
export const agencyViewOf = (row: AgencyEntity): AgencyView => ({ ...row });
/** As `agencyViewOf`. */
export const focalPointViewOf = (row: FocalPointEntity): FocalPointView => ({ ...row });
/** As `agencyViewOf`. */
export const keyViewOf = (row: AgencyKeyEntity): KeyView => ({ ...row });
/** As `agencyViewOf`. */
export const serviceViewOf = (row: ServiceEntity): ServiceView => ({ ...row });
