import type { RoutedCandidate } from './candidates.ts';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsObject, IsOptional, IsString, IsUUID, ValidateNested } from 'class-validator';

/** What taking the referral on would let the receiver read. */
export class AccessView {
  /** Codes: `coded` facts, `care`, `restricted` content. Empty where it may not be told at all. */
  @IsArray()
  @IsString({ each: true })
  audiences!: string[];

  /** Codes of what the referral itself hands over. */
  @IsArray()
  @IsString({ each: true })
  fields!: string[];

  /** `CURRENT`, or `FROM_OPENING` with what was before. */
  @IsString()
  history!: string;
}

/** A service, and whether it can take the referral, as far as the answering node knows. */
export class CandidateView {
  @IsString()
  agencyId!: string;

  @IsUUID()
  serviceId!: string;

  @IsBoolean()
  can!: boolean;

  /** Codes of all that stand against it. */
  @IsArray()
  @IsString({ each: true })
  reasons!: string[];

  /** Codes of what to know before sending. */
  @IsArray()
  @IsString({ each: true })
  warnings!: string[];

  /** 1 for the first to ask; null when it cannot. */
  @IsOptional()
  @IsInt()
  rank!: number | null;

  /** When its capacity was as it is known. */
  @IsOptional()
  @IsString()
  capacityUpdated!: string | null;
}

/** The same, judged as it will be when it is sent. */
export class RoutedCandidateView extends CandidateView {
  /** Codes of consent and deny rules, behind the reasons `CONSENT` and `DENIED_RECIPIENT`. */
  @IsArray()
  @IsString({ each: true })
  refusals!: string[];

  /** What people of this agency can still add: `SECOND_PERSON`. */
  @IsArray()
  @IsString({ each: true })
  needs!: string[];

  /** When the latest fact about consent was recorded that this rests on. */
  @IsOptional()
  @IsString()
  consentAsOf!: string | null;

  @IsObject()
  @ValidateNested()
  @Type(() => AccessView)
  access!: AccessView;
}

/** Answer of `POST /v1/candidates`: those that can first, in the order in which to ask them. */
export class RoutedCandidatesView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => RoutedCandidateView)
  candidates!: RoutedCandidateView[];
}

/** The answer for a candidate. */
export function candidateViewOf({ verdict, access, ...candidate }: RoutedCandidate): RoutedCandidateView {
  const { audiences, fields, history } = access;
  return {
    ...candidate,
    reasons: [...candidate.reasons],
    warnings: [...candidate.warnings],
    refusals: [...verdict.refusals],
    needs: [...verdict.needs],
    consentAsOf: verdict.asOf,
    access: { audiences: [...audiences], fields: [...fields], history },
  };
}
