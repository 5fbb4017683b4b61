import { SetMetadata, type Type } from '@nestjs/common';
import { Allow, IsInt, IsString, Min } from 'class-validator';

/** Metadata key of `Answers`. */
export const ANSWERS_METADATA = 'acogida:answers';

/** What a route answers, for the OpenAPI document. */
export interface AnswerDescription {
  readonly type: Type;
  readonly status: number;
  readonly page: boolean;
  readonly mediaType: string;
}

/** The least that every command answers: the id it worked on and the stream version after it. */
export class CommandAnswer {
  @IsString()
  id!: string;

  @IsInt()
  @Min(0)
  version!: number;
}

/** An answer whose properties are not described further. */
export class AnyAnswer {
  @Allow()
  readonly value?: unknown;
}

/**
 * Describes the answer in the OpenAPI document: `@Answers(CaseView)`, `@Answers(CaseView, { page: true })` for
 * `{ items: CaseView[] }`, `@Answers(OpenCaseAnswer, { status: 201 })`, `{ mediaType }` for JSON by another name. `type` is a class whose properties carry
 * class-validator decorators. Without it a POST or PUT answers `CommandAnswer`.
 */
export const Answers = (
  type: Type,
  options: { readonly status?: number; readonly page?: boolean; readonly mediaType?: string } = {},
): MethodDecorator =>
  SetMetadata(ANSWERS_METADATA, {
    type,
    status: options.status ?? 200,
    page: options.page ?? false,
    mediaType: options.mediaType ?? 'application/json',
  } satisfies AnswerDescription);
