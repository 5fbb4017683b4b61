import { RECEIPT_LANGUAGES, type ReceiptLanguage } from '@acogida/reference';
import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toProblem } from '../http/problem-mapping.ts';
import { describeError } from '../logging/describe-error.ts';
import { ANSWER_PAGE_POLICY, messagePage } from './answer-page.ts';

/** The language of a page: what its address says, else the first of the browser's that there is, else Spanish. */
export function languageOf({ query, headers }: Pick<FastifyRequest, 'query' | 'headers'>): ReceiptLanguage {
  const asked = (query as { readonly language?: unknown }).language;
  const accepted = (headers['accept-language'] ?? '').split(',').map((range) => range.trim().slice(0, 2).toLowerCase());
  return [asked, ...accepted].find(isLanguage) ?? 'es';
}

function isLanguage(value: unknown): value is ReceiptLanguage {
  return (RECEIPT_LANGUAGES as readonly unknown[]).includes(value);
}

/** Sends a page with what keeps it from being stored, framed, or told of to other sites. */
export function sendPage(reply: FastifyReply, status: number, page: string): void {
  void reply
    .status(status)
    .headers({ 'content-security-policy': ANSWER_PAGE_POLICY, 'x-robots-tag': 'noindex' })
    .type('text/html; charset=utf-8')
    .send(page);
}

/** Whatever goes wrong on a page is told on a page, in words for people and without what happened. */
@Catch()
export class AnswerPageFilter implements ExceptionFilter {
  private readonly logger = new Logger('AnswerPage');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { status, code } = toProblem(error, false);
    if (status >= 500) this.logger.error({ msg: code, correlationId: request.id, failure: describeError(error) });
    sendPage(http.getResponse<FastifyReply>(), status, messagePage(languageOf(request), 'later'));
  }
}
