import { DOB_PRECISIONS, type DobPrecision } from '@acogida/reference';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsDefined,
  IsIn,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { READ_PURPOSES, type ReadPurpose, VAULT_FIELDS, type VaultField } from './vault-access.ts';

const OrNull = (): PropertyDecorator => ValidateIf((_: object, value: unknown) => value !== null);

/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
const PARTIAL_DATE = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;

/** What became of a document (domain.md §1.2). */
export const DOCUMENT_STATES = [
  'HELD',
  'LOST',
  'DESTROYED',
  'CONFISCATED',
  'FRAUDULENT_SUSPECTED',
  'NEVER_HELD',
] as const;

/** A date of birth, as precisely as it is known. */
export class DateOfBirthBody {
  @Matches(PARTIAL_DATE)
  date!: string;

  @IsIn(DOB_PRECISIONS)
  precision!: DobPrecision;
}

/** An identity document (domain.md §1.2). */
export class DocumentBody {
  @IsString()
  @Length(1, 60)
  type!: string;

  @OrNull()
  @IsString()
  @Length(1, 120)
  issuer!: string | null;

  @OrNull()
  @IsString()
  @Length(1, 60)
  number!: string | null;

  @IsIn(DOCUMENT_STATES)
  state!: (typeof DOCUMENT_STATES)[number];
}

/** Identity as it is written and read. A field that is left out stays; null takes it away. */
export class IdentityFields {
  @IsOptional()
  @IsString()
  @Length(1, 200)
  names?: string | null;

  @IsOptional()
  @IsString()
  @Length(1, 200)
  alias?: string | null;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => DateOfBirthBody)
  dateOfBirth?: DateOfBirthBody | null;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => DocumentBody)
  documents?: DocumentBody[] | null;

  @IsOptional()
  @IsString()
  @Length(1, 500)
  contact?: string | null;

  @IsOptional()
  @IsString()
  @Length(1, 500)
  address?: string | null;

  @IsOptional()
  @IsString()
  @Length(1, 2000)
  family?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(8000)
  notes?: string | null;
}

/** Body of `PUT /v1/cases/:caseId/identity`. */
export class PutIdentityBody {
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => IdentityFields)
  identity!: IdentityFields;

  /** Consent that another agency told it under: when it is withdrawn, these fields are destroyed. */
  @IsOptional()
  @IsUUID()
  consentId?: string | null;
}

/** Query of `GET /v1/cases/:caseId/identity`. */
export class IdentityQuery {
  @IsIn(READ_PURPOSES)
  purpose!: ReadPurpose;

  /** Comma list; all that the role may read for the purpose when left out. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(VAULT_FIELDS, { each: true })
  fields?: VaultField[];
}

/** The name that requests and answers have for a field of the vault. */
export const IDENTITY_NAME_OF: Readonly<Record<VaultField, keyof IdentityFields>> = {
  NAMES: 'names',
  ALIAS: 'alias',
  DATE_OF_BIRTH: 'dateOfBirth',
  DOCUMENTS: 'documents',
  CONTACT: 'contact',
  ADDRESS: 'address',
  FAMILY: 'family',
  NOTES: 'notes',
};

/** What is kept, limited to what was asked for and may be read. */
export class IdentityView {
  @IsUUID()
  caseId!: string;

  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => IdentityFields)
  identity!: IdentityFields;

  /** Fields that are kept and not shown: the consent that they came under is over. */
  @IsArray()
  @IsIn(Object.values(IDENTITY_NAME_OF), { each: true })
  withheld!: (keyof IdentityFields)[];

  /** When a field of what is shown was last written; null when none is. */
  @OrNull()
  @IsISO8601()
  updatedAt!: string | null;
}
