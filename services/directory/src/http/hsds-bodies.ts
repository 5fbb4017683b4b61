import { AGENCY_ID } from '@acogida/reference';
import { IsArray, IsInt, IsObject, IsOptional, IsString, Matches, MaxLength, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import type { HsdsOrganization, HsdsService } from '../hsds/hsds-document.ts';

/** Body of `POST /v1/hsds`: organisations and services as HSDS 3 has them (https://docs.openreferral.org). */
export class HsdsBody {
  /** Version of HSDS, `3.…`. */
  @IsString()
  @MaxLength(20)
  version!: string;

  @IsArray()
  @IsObject({ each: true })
  organizations!: object[];

  @IsArray()
  @IsObject({ each: true })
  services!: object[];
}

/** Answer of `GET /v1/hsds`. */
export class HsdsView {
  @IsString()
  version!: string;

  @IsArray()
  @IsObject({ each: true })
  organizations!: HsdsOrganization[];

  @IsArray()
  @IsObject({ each: true })
  services!: HsdsService[];
}

/** Query of `GET /v1/hsds`. */
export class HsdsQuery {
  @IsOptional()
  @Matches(AGENCY_ID)
  @MaxLength(60)
  agencyId?: string;
}

/** A part of the document that did not become an entry. */
export class HsdsRefusalView {
  /** RFC 6901, into the document that was sent. */
  @IsString()
  pointer!: string;

  @IsString()
  code!: string;
}

/** Answer of `POST /v1/hsds`. */
export class HsdsImportView {
  /** Entries that are new or were changed. */
  @IsInt()
  changed!: number;

  /** Entries that said what was known. */
  @IsInt()
  unchanged!: number;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => HsdsRefusalView)
  refused!: HsdsRefusalView[];
}
