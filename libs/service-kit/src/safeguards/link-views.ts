import { MATCH_REASONS, type MatchReason } from '@acogida/reference';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { CommandAnswer } from '../openapi/answers.ts';

/** One agency's word that this case and another one are one person's. */
export class CaseLinkView {
  @IsUUID()
  linkId!: string;

  /** The agency that says it. */
  @IsString()
  by!: string;

  @IsUUID()
  linkedCaseId!: string;

  /** Whether it counts here. */
  @IsBoolean()
  isLinked!: boolean;

  /** Two officers of this agency have disregarded it. */
  @IsBoolean()
  isDisregarded!: boolean;

  /** Why an officer proposed that; another one has to decide. */
  @IsOptional()
  @IsIn(MATCH_REASONS)
  proposedReason!: MatchReason | null;

  @IsOptional()
  @IsISO8601()
  proposedAt!: string | null;
}

/** Who says that the case is one person's with another one. */
export class CaseLinksView {
  @IsUUID()
  caseId!: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CaseLinkView)
  links!: CaseLinkView[];
}

/** Whose word it is: ids of links are each agency's own. */
export class LinkOfBody {
  @IsString()
  @MaxLength(60)
  by!: string;
}

/** Why an officer wants a link disregarded. */
export class DisregardLinkBody extends LinkOfBody {
  @IsIn(MATCH_REASONS)
  reason!: MatchReason;
}

/** Answer to every command on a link; `version` is that of what officers have decided about it. */
export class LinkAnswer extends CommandAnswer {
  @IsBoolean()
  isDisregarded!: boolean;

  /** Whether a second officer has to decide. */
  @IsBoolean()
  isProposed!: boolean;
}
