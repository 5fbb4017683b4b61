import {
  LOSS_STATEMENTS,
  type LossStatement,
  type LostEvent,
  type RecoveryStatus,
  RESTORE_REASONS,
  type RestoreReason,
} from '@acogida/event-log';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  ValidateNested,
} from 'class-validator';

// The shapes of the recovery routes, for the OpenAPI document.

/** `LostEvent` in the document. */
export class LostEventAnswer implements LostEvent {
  @IsInt()
  number!: number;

  @IsString()
  eventId!: string;

  @IsString()
  class!: string;

  @IsOptional()
  @IsString()
  type!: string | null;

  @IsOptional()
  @IsString()
  stream!: string | null;
}

/** Answer of the recovery routes. */
export class RecoveryAnswer implements RecoveryStatus {
  @IsIn(['none', 'recovering', 'awaiting-attestation', 'attested'])
  state!: RecoveryStatus['state'];

  @IsInt()
  incarnation!: number;

  @IsOptional()
  @IsInt()
  restoredThrough!: number | null;

  @IsOptional()
  @IsInt()
  takenThrough!: number | null;

  /** No clearance may be given. */
  @IsBoolean()
  awaitsAttestation!: boolean;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LostEventAnswer)
  lostEvents!: LostEventAnswer[];
}

/** What an officer attests: codes only, no free text. */
export class AttestationBody {
  @IsIn([...RESTORE_REASONS])
  reason!: RestoreReason;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(LOSS_STATEMENTS.length)
  @ArrayUnique()
  @IsIn([...LOSS_STATEMENTS], { each: true })
  statements!: LossStatement[];
}
