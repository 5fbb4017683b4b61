import { DOB_PRECISIONS, type DobPrecision, type Sex, SEXES } from '@acogida/reference';
import type { IdentityElements } from '@acogida/safeguards';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDefined,
  IsIn,
  IsObject,
  IsString,
  Length,
  Matches,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

const PARTIAL_DATE = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;
const COUNTRY = /^[A-Z]{2}$/;

const OrNull = (): PropertyDecorator => ValidateIf((_, value) => value !== null);

/** A date of birth as it is asked with. */
export class BirthDateBody {
  @Matches(PARTIAL_DATE)
  date!: string;

  @IsIn(DOB_PRECISIONS)
  precision!: DobPrecision;
}

/** A document as it is asked with. */
export class IdentityDocumentBody {
  @IsString()
  @Length(0, 60)
  type!: string;

  @OrNull()
  @IsString()
  @Length(1, 120)
  issuer!: string | null;

  @IsString()
  @Length(1, 60)
  number!: string;
}

/** Identity elements as one agency asks another with. */
export class IdentityElementsBody implements IdentityElements {
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @Length(1, 200, { each: true })
  names!: string[];

  @OrNull()
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => BirthDateBody)
  dateOfBirth!: BirthDateBody | null;

  @OrNull()
  @IsIn(SEXES)
  sex!: Sex | null;

  @IsArray()
  @ArrayMaxSize(10)
  @Matches(COUNTRY, { each: true })
  nationalities!: string[];

  @IsArray()
  @ArrayMaxSize(20)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => IdentityDocumentBody)
  documents!: IdentityDocumentBody[];
}
