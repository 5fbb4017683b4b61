import {
  type RebuildReport,
  type ResumptionReason,
  type ResumptionResult,
  RESUMPTION_REASONS,
} from '@acogida/event-log';
import { IsIn, IsInt, IsString } from 'class-validator';

// The shapes of the routes on received events, for the OpenAPI document.

/** Why a stopped agency is heard again: a code, no free text. */
export class ResumptionBody {
  @IsIn([...RESUMPTION_REASONS])
  reason!: ResumptionReason;
}

/** Answer of `POST /v1/operations/agencies/:agencyId/resume`. */
export class ResumptionAnswer implements ResumptionResult {
  @IsString()
  source!: string;

  @IsInt()
  lastNumber!: number;

  @IsInt()
  overruled!: number;
}

/** Answer of `POST /v1/operations/projections/rebuild`. */
export class RebuildAnswer implements RebuildReport {
  @IsInt()
  events!: number;

  @IsInt()
  opened!: number;

  @IsInt()
  sealed!: number;

  @IsInt()
  sources!: number;
}
