import type { Clock } from '@acogida/core';
import type { ReceiptLanguage } from '@acogida/reference';
import {
  Controller,
  Get,
  HttpCode,
  Inject,
  type OnModuleInit,
  Param,
  Post,
  Req,
  Res,
  UseFilters,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../auth/roles.ts';
import type { NodeConfiguration } from '../configuration/node-configuration.ts';
import { LeadsOut } from '../egress/ways-out.ts';
import { CLOCK, NODE_CONFIGURATION } from '../tokens.ts';
import { AnswerLinks, type OpenedLink } from './answer-links.ts';
import type { AnswerOption } from './answer-options.ts';
import { answerPage, codePage, type MissingInput, messagePage, refusedPage, thanksPage } from './answer-page.ts';
import { AnswerPageFilter, languageOf, sendPage } from './answer-page.filter.ts';
import { acceptAnswerForms } from './form-parser.ts';
import { tokenHashOf, typedCode } from './link-secrets.ts';
import { RequestRate } from './request-rate.ts';

const REQUESTS_A_MINUTE = 10;

/** What was typed into a form; a field that is not there is empty. */
type Typed = (field: 'code' | 'step' | 'answer' | 'confirmed') => string;

function typedOf({ body }: FastifyRequest): Typed {
  const fields = body instanceof URLSearchParams ? body : new URLSearchParams();
  return (field) => fields.get(field) ?? '';
}

function missingOf(typed: Typed, { options }: OpenedLink): readonly MissingInput[] {
  const missing: MissingInput[] = [];
  if (!(options as readonly string[]).includes(typed('answer'))) missing.push('answer');
  if (typed('confirmed') !== 'yes') missing.push('confirmed');
  return missing;
}

/**
 * Pages by which an agency without a node answers: plain forms without script, in five languages. Nothing is told of a link that
 * cannot be used, or of a code that is wrong, but that one sentence fits all of it.
 */
@Controller('answer')
@ApiExcludeController()
@Public()
@UseFilters(AnswerPageFilter)
export class AnswerPageController implements OnModuleInit {
  readonly #rate: RequestRate;

  constructor(
    private readonly links: AnswerLinks,
    private readonly adapters: HttpAdapterHost,
    @Inject(NODE_CONFIGURATION) private readonly configuration: Pick<NodeConfiguration, 'answerLinks'>,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#rate = new RequestRate(clock, REQUESTS_A_MINUTE);
  }

  onModuleInit(): void {
    acceptAnswerForms(this.adapters.httpAdapter.getInstance<FastifyInstance>());
  }

  /** Asks for the code. Consumes nothing: scanners of mail follow links. */
  @Get(':token')
  @LeadsOut('LINK_PAGE')
  async show(@Param('token') token: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const language = languageOf(request);
    if (this.isTooFast(token)) return sendPage(reply, 429, messagePage(language, 'tooMany'));
    const usable = this.isOn() ? await this.links.look(token) : null;
    if (usable === null) return sendPage(reply, 404, refusedPage(language));
    sendPage(reply, 200, codePage(language, usable.names));
  }

  /** First the code, which shows the request; then the answer, which uses the link up. */
  @Post(':token')
  @HttpCode(200)
  @LeadsOut('LINK_PAGE')
  async take(@Param('token') token: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const language = languageOf(request);
    if (this.isTooFast(token)) return sendPage(reply, 429, messagePage(language, 'tooMany'));
    const typed = typedOf(request);
    const code = typedCode(typed('code'));
    const opened = this.isOn() ? await this.links.open(token, code, request.id) : null;
    if (opened === null) return sendPage(reply, 404, refusedPage(language));
    const isAnswer = typed('step') === 'answer';
    const missing = isAnswer ? missingOf(typed, opened) : [];
    if (isAnswer && missing.length === 0) {
      return this.answer(reply, language, token, code, typed('answer') as AnswerOption, request.id);
    }
    const { names, referral, answerBy, facts, options } = opened;
    const shown = { request: referral.request, answerBy, facts };
    const form = { shown, options, code, chosen: typed('answer') || null, missing };
    sendPage(reply, missing.length > 0 ? 422 : 200, answerPage(language, names, form));
  }

  private async answer(
    reply: FastifyReply,
    language: ReceiptLanguage,
    token: string,
    code: string,
    option: AnswerOption,
    correlationId: string,
  ): Promise<void> {
    const outcome = await this.links.answer(token, code, option, correlationId);
    switch (outcome.kind) {
      case 'refused':
        return sendPage(reply, 404, refusedPage(language));
      case 'changed':
        return sendPage(reply, 409, messagePage(language, 'changed'));
      case 'answered': {
        const { names, next } = outcome;
        const publicUrl = this.configuration.answerLinks?.publicUrl ?? '';
        const following = next && {
          url: `${publicUrl}/answer/${next.token}?language=${language}`,
          expiresAt: next.expiresAt,
        };
        return sendPage(reply, 200, thanksPage(language, names, following));
      }
    }
  }

  private isOn(): boolean {
    return this.configuration.answerLinks !== undefined;
  }

  /** Tokens that cannot be any are not counted: there are too many of them, and each is refused without a look. */
  private isTooFast(token: string): boolean {
    const name = tokenHashOf(token);
    return name !== null && !this.#rate.takes(name);
  }
}
