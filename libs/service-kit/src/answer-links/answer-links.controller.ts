import { RECEIPT_LANGUAGES, type ReceiptLanguage } from '@acogida/reference';
import { Body, Controller, Get, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { IsBoolean, IsIn, IsInt, IsISO8601, IsOptional, IsString, IsUUID, Min, ValidateIf } from 'class-validator';
import type pg from 'pg';
import { CASE_STAFF, Roles } from '../auth/roles.ts';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import { LeadsOut, StaysHere } from '../egress/ways-out.ts';
import { type CommandContext, CurrentCommand } from '../http/command-context.ts';
import type { PageOf } from '../http/paging.ts';
import { notFound } from '../http/problem.ts';
import { Answers } from '../openapi/answers.ts';
import { DATABASE_POOL, NODE_CONFIGURATION } from '../tokens.ts';
import { type AnswerLink, linksOfReferral } from './answer-link-store.ts';
import { LinkIssuing } from './link-issuing.ts';

/** Body of `POST /v1/referrals/:id/links`. */
export class IssueLinkBody {
  /** Language that the page opens in; whoever answers can change it. Spanish when left out. */
  @IsOptional()
  @IsIn(RECEIPT_LANGUAGES)
  language?: ReceiptLanguage;
}

/** A link that was issued. Address and code are told once: tell them to the agency by two different channels. */
export class IssuedLinkAnswer {
  @IsUUID()
  id!: string;

  /** Always 1. */
  @IsInt()
  @Min(1)
  version!: number;

  @IsISO8601()
  expiresAt!: string;

  /** Left out when the same request is sent again. */
  @IsOptional()
  @IsString()
  url?: string;

  /** Six digits; left out when the same request is sent again. */
  @IsOptional()
  @IsString()
  code?: string;
}

/** A link of a referral, without what it can be used by. */
export class AnswerLinkView {
  @IsUUID()
  id!: string;

  @IsString()
  agency!: string;

  @IsISO8601()
  issuedAt!: string;

  @IsISO8601()
  expiresAt!: string;

  /** When its code was first used. */
  @ValidateIf((_, value) => value !== null)
  @IsISO8601()
  openedAt!: string | null;

  @ValidateIf((_, value) => value !== null)
  @IsISO8601()
  endedAt!: string | null;

  /** `ANSWERED`, or `REPLACED` by a later one. */
  @ValidateIf((_, value) => value !== null)
  @IsString()
  endedBy!: string | null;

  /** Too many wrong codes: issue another. */
  @IsBoolean()
  blocked!: boolean;
}

function viewOf({
  linkId: id,
  agency,
  issuedAt,
  expiresAt,
  openedAt,
  endedAt,
  endedBy,
  triesLeft,
}: AnswerLink): AnswerLinkView {
  return { id, agency, issuedAt, expiresAt, openedAt, endedAt, endedBy, blocked: triesLeft <= 0 };
}

/** Links by which agencies without a node answer (architecture.md §6). */
@Controller('v1/referrals')
export class AnswerLinksController {
  constructor(
    private readonly issuing: LinkIssuing,
    @Inject(NODE_CONFIGURATION) private readonly configuration: Pick<NodeConfiguration, 'answerLinks'>,
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
  ) {}

  @Post(':id/links')
  @Roles(...CASE_STAFF)
  @LeadsOut('LINK_PAGE')
  @Answers(IssuedLinkAnswer, { status: 201 })
  async issue(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { language = 'es' }: IssueLinkBody,
    @CurrentCommand() context: CommandContext,
  ): Promise<IssuedLinkAnswer> {
    const { publicUrl } = this.requireOn();
    const { linkId, expiresAt, secrets } = await this.issuing.issue(id.toLowerCase(), language, context);
    const headers = { etag: '"1"', ...(secrets === null ? { 'idempotency-replayed': 'true' } : {}) };
    context.answer({ status: 201, headers });
    const told = secrets && { url: `${publicUrl}/answer/${secrets.token}?language=${language}`, code: secrets.code };
    return { id: linkId, version: 1, expiresAt, ...told };
  }

  @Get(':id/links')
  @Roles(...CASE_STAFF)
  @StaysHere()
  @Answers(AnswerLinkView, { page: true })
  async list(@Param('id', ParseUUIDPipe) id: string): Promise<PageOf<AnswerLinkView>> {
    const links = await linksOfReferral(this.pool, id.toLowerCase());
    return { items: links.map(viewOf) };
  }

  private requireOn(): NonNullable<NodeConfiguration['answerLinks']> {
    const { answerLinks } = this.configuration;
    if (answerLinks === undefined) throw notFound('ANSWER_LINKS.OFF', 'this agency answers nothing by links');
    return answerLinks;
  }
}
