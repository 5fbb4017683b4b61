import { REMOVALS, type Removal } from '@acogida/reference';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsISO8601, IsOptional, IsString, IsUUID, ValidateNested } from 'class-validator';

/** A clearance that this agency has out: somebody may leave by it. */
export class ClearanceView {
  @IsUUID()
  clearanceId!: string;

  @IsUUID()
  caseId!: string;

  /** The agency that has it. */
  @IsString()
  gate!: string;

  @IsIn(REMOVALS)
  removal!: Removal;

  @IsISO8601()
  grantedAt!: string;

  /** By when it is over, as this node counts now. */
  @IsISO8601()
  overAtTheLatest!: string;

  /** The gate was told that it carries nothing any more, and has not answered. */
  @IsBoolean()
  isHalted!: boolean;
}

/** The clearances of a case that this agency has out. */
export class CaseClearancesView {
  @IsUUID()
  caseId!: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ClearanceView)
  clearances!: ClearanceView[];

  /** After a restore, or a succession, more may be out than is known here: by when that is over. Null otherwise. */
  @IsOptional()
  @IsISO8601()
  forgottenOverAt!: string | null;

  /** When this was looked up. */
  @IsISO8601()
  asOf!: string;
}
