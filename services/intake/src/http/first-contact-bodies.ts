import {
  type Channel,
  CHANNELS,
  type EntryMode,
  ENTRY_MODES,
  type Interpretation,
  INTERPRETATIONS,
  RIGHTS_TOPICS,
  type RightsTopic,
} from '@acogida/reference';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsObject,
  IsOptional,
  Matches,
  ValidateNested,
} from 'class-validator';
import {
  INTERPRETER_MODES,
  INTERPRETER_RELATIONS,
  type InterpreterMode,
  type InterpreterRelation,
} from '../domain/intake-codes.ts';
import { LANGUAGE, OrNull, OWN_CODE, PARTIAL_DATE, PLACE } from './request-fields.ts';

/** Body of `POST /v1/cases`. */
export class RecordFirstContactBody {
  @Matches(PLACE)
  place!: string;

  @IsIn(CHANNELS)
  channel!: Channel;

  @OrNull()
  @Matches(PARTIAL_DATE)
  contactedOn!: string | null;

  @IsIn(ENTRY_MODES)
  entryMode!: EntryMode;

  @IsOptional()
  @Matches(PARTIAL_DATE)
  entryOn?: string | null;
}

/** An interpreter of the pool, by the pool's code. */
export class InterpreterBody {
  @Matches(OWN_CODE)
  interpreterId!: string;

  @IsIn(INTERPRETER_RELATIONS)
  relation!: InterpreterRelation;
}

/** Body of `POST /v1/cases/:caseId/interpreter`. */
export class AssignInterpreterBody {
  @Matches(LANGUAGE)
  language!: string;

  @IsIn(INTERPRETER_MODES)
  mode!: InterpreterMode;

  /** Null: none is available. */
  @OrNull()
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => InterpreterBody)
  interpreter!: InterpreterBody | null;

  @IsOptional()
  @IsBoolean()
  refusedByPerson?: boolean | null;
}

/** Body of `POST /v1/cases/:caseId/rights-information`. */
export class ProvideRightsInformationBody {
  @Matches(LANGUAGE)
  language!: string;

  /** The officer checked that the person understands the language. */
  @IsBoolean()
  understood!: boolean;

  @IsIn(INTERPRETATIONS)
  interpretation!: Interpretation;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(RIGHTS_TOPICS.length)
  @ArrayUnique()
  @IsIn(RIGHTS_TOPICS, { each: true })
  topics!: RightsTopic[];

  @Matches(OWN_CODE)
  packageVersion!: string;
}
