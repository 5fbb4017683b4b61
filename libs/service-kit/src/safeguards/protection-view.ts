import {
  HOLD_NEXT_STEPS,
  type HoldNextStep,
  PROTECTION_STATUSES,
  type ProtectionStatus,
  REMOVAL_HOLDS,
  type RemovalHold,
} from '@acogida/reference';
import type { Protection, ProtectionBasis } from '@acogida/safeguards';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsISO8601, IsOptional, IsString, IsUUID, ValidateNested } from 'class-validator';

const BASES = ['NO_LEASE', 'HALTED', 'LEASE_ENDED', 'OVERTAKEN'] as const satisfies readonly ProtectionBasis[];

/** Who has to do what. */
export class NextActView {
  @IsString()
  agency!: string;

  @IsIn(HOLD_NEXT_STEPS)
  step!: HoldNextStep;
}

/** One open hold. */
export class HoldView {
  @IsUUID()
  holdId!: string;

  /** The agency that placed it and alone lifts it. */
  @IsString()
  authority!: string;

  /** Whether it is this agency's. */
  @IsBoolean()
  isOurs!: boolean;

  /** It stands on another case of the person: that there is one is all that is shown of it here (INV-17). */
  @IsBoolean()
  isOfLinkedCase!: boolean;

  /** Null for whoever is shown only that there is a hold (INV-17). */
  @IsOptional()
  @IsIn(REMOVAL_HOLDS)
  kind!: RemovalHold | null;

  @IsISO8601()
  since!: string;

  /** Null where only its authority knows. */
  @IsOptional()
  @IsBoolean()
  isProtected!: boolean | null;

  @IsOptional()
  @IsISO8601()
  protectedAt!: string | null;

  @IsOptional()
  @IsIn(BASES)
  basis!: ProtectionBasis | null;

  /** By when it protects if nobody does anything; null where it does, where only a gate can end the wait, or nothing is known. */
  @IsOptional()
  @IsISO8601()
  protectedAtTheLatest!: string | null;

  /** The person left before it could protect. */
  @IsBoolean()
  isOvertaken!: boolean;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => NextActView)
  mustAct!: NextActView[];
}

/** Whether a person is kept from being made to leave, as far as this agency knows. It clears no departure. */
export class ProtectionView {
  @IsUUID()
  caseId!: string;

  @IsIn(PROTECTION_STATUSES)
  status!: ProtectionStatus;

  /** Since when protected, or held elsewhere. */
  @IsOptional()
  @IsISO8601()
  since!: string | null;

  @IsOptional()
  @IsISO8601()
  protectedAtTheLatest!: string | null;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => HoldView)
  holds!: HoldView[];

  /** When this was looked up. */
  @IsISO8601()
  asOf!: string;
}

/** What of a protection is shown, and to whom. */
export interface Shown {
  readonly caseId: string;
  readonly agencyId: string;
  readonly asOf: string;
  /** Whether the reader is shown which holds there are. */
  readonly withKinds: boolean;
  /** Holds of this very case; those of linked ones are shown to nobody here. */
  readonly ofThisCase: ReadonlySet<string>;
}

/** What stands on the screen. */
export function protectionViewOf(
  { status, since, protectedAtTheLatest, holds }: Protection,
  { caseId, agencyId, asOf, withKinds, ofThisCase }: Shown,
): ProtectionView {
  return {
    ...{ caseId, status, since, protectedAtTheLatest, asOf },
    holds: holds.map(({ kind, mustAct, ...hold }) => {
      const isOfLinkedCase = !ofThisCase.has(`${hold.authority} ${hold.holdId}`);
      const isShown = withKinds && !isOfLinkedCase;
      return {
        ...{ ...hold, isOurs: hold.authority === agencyId, isOfLinkedCase, kind: isShown ? kind : null },
        mustAct: mustAct.map(({ agency, step }) => ({ agency, step: isShown ? step : shownToAll(step) })),
      };
    }),
  };
}

/** That a lifting is proposed is for those who are shown which hold it is. */
function shownToAll(step: HoldNextStep): HoldNextStep {
  return step === 'SECOND_OFFICER_DECIDES' ? 'AUTHORITY_DECIDES' : step;
}
