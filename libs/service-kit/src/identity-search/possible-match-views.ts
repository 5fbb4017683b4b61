import {
  MATCH_DECISIONS,
  MATCH_GROUNDS,
  MATCH_REASONS,
  type MatchDecision,
  type MatchGround,
  type MatchReason,
} from '@acogida/reference';
import { Type } from 'class-transformer';
import { IsArray, IsIn, IsISO8601, IsOptional, IsString, IsUUID, ValidateNested } from 'class-validator';
import { IdentityElementsBody } from './identity-elements-body.ts';

/** A case of this agency, and somebody whom another agency asked about. */
export class PossibleMatchView {
  @IsUUID()
  matchId!: string;

  /** Case of this agency. */
  @IsUUID()
  caseId!: string;

  /** Case that the other agency asked about. */
  @IsUUID()
  askedCaseId!: string;

  @IsString()
  askedBy!: string;

  @IsISO8601()
  foundAt!: string;

  @IsArray()
  @IsIn(MATCH_GROUNDS, { each: true })
  grounds!: MatchGround[];

  /** Who was asked about; null once it is decided, until it is asked again. */
  @IsOptional()
  @ValidateNested()
  @Type(() => IdentityElementsBody)
  sought!: IdentityElementsBody | null;

  @IsOptional()
  @IsIn(MATCH_DECISIONS)
  decision!: MatchDecision | null;

  @IsOptional()
  @IsIn(MATCH_REASONS)
  reason!: MatchReason | null;

  @IsOptional()
  @IsISO8601()
  decidedAt!: string | null;

  /** Why an officer proposed to change `SAME_PERSON`; a second one has to say the same. */
  @IsOptional()
  @IsIn(MATCH_REASONS)
  changeReason!: MatchReason | null;

  @IsOptional()
  @IsISO8601()
  changeProposedAt!: string | null;
}

/** What waits for an officer's decision, the oldest first. */
export class PossibleMatchesView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PossibleMatchView)
  matches!: PossibleMatchView[];
}

/** What an officer decided, and what that rests on. */
export class MatchDecisionBody {
  @IsIn(MATCH_DECISIONS)
  decision!: MatchDecision;

  @IsIn(MATCH_REASONS)
  reason!: MatchReason;
}
