import { isInstant } from '@acogida/core';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

/** Rows in a page when the client does not say. */
export const DEFAULT_PAGE_LIMIT = 50;
/** Most rows in a page. */
export const MAX_PAGE_LIMIT = 200;

const MAX_PAGE_TOKEN_LENGTH = 1024;

/** Query of a list route; a route's own query class extends it. */
export class PageQuery {
  /** Opaque, from the `Link` header with rel="next". */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_PAGE_TOKEN_LENGTH)
  page?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE_LIMIT)
  limit?: number;
}

/** A page of a list as answered. */
export interface PageOf<T> {
  readonly items: readonly T[];
}

/**
 * What a part of a sort key is: a UUID, an instant as `Date.toISOString` writes it, the position of an event (up to 18
 * digits), or text that is compared as text.
 */
export type KeyPart = 'uuid' | 'instant' | 'position' | 'text';

/** A sort key with one string for each part. */
export type PageKey<Parts extends readonly KeyPart[]> = { readonly [Index in keyof Parts]: string };

/**
 * Keyset paging of one request. Query `limit + 1` rows that sort after `after(…)`, and hand them to `answer`, which cuts the
 * extra row, sets `Link: <…>; rel="next"` when there are more, and returns the body.
 */
export interface Paging {
  /**
   * Sort key of the last row of the previous page, as `keyOf` returned it; null on the first page. Anybody can write a page
   * token: name the parts of the list's key, and only a key of such parts comes through to the database.
   *
   * @throws Problem 400 when the page is not one of this list
   */
  after<const Parts extends readonly KeyPart[]>(...parts: Parts): PageKey<Parts> | null;
  readonly limit: number;
  answer<T>(rows: readonly T[], keyOf: (row: T) => readonly string[]): PageOf<T>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const INSTANT = /^(?!0000)\d{4}-\d{2}-\d{2}T[\d:.]{12}Z$/;
const POSITION = /^\d{1,18}$/;

const FITS: Readonly<Record<KeyPart, (text: string) => boolean>> = {
  uuid: (text) => UUID.test(text),
  instant: (text: string) => INSTANT.test(text) && isInstant(text),
  position: (text) => POSITION.test(text),
  text: (text) => !text.includes('\0'), // PostgreSQL has no such character
};

function malformed(): Problem {
  return new Problem(400, 'VALIDATION_FAILED', 'the request does not fit its schema', {
    errors: [{ pointer: '/page', code: 'PAGE_MALFORMED', message: 'take the page from the Link header' }],
  });
}

function decode(page: unknown): readonly string[] | null {
  if (page === undefined) return null;
  if (typeof page !== 'string' || page.length > MAX_PAGE_TOKEN_LENGTH) throw malformed();
  try {
    const key: unknown = JSON.parse(Buffer.from(page, 'base64url').toString('utf8'));
    if (Array.isArray(key) && key.length > 0 && key.every((part): part is string => typeof part === 'string'))
      return key;
  } catch {
    // falls through: not something that `answer` wrote
  }
  throw malformed();
}

/** Reads the paging of a request. @throws Problem 400 when `page` is not one that `answer` wrote */
export function pagingOf(request: FastifyRequest, reply: FastifyReply): Paging {
  const query = request.query as Record<string, unknown>;
  const asked = Number(query['limit'] ?? DEFAULT_PAGE_LIMIT);
  const limit = Number.isInteger(asked) && asked >= 1 && asked <= MAX_PAGE_LIMIT ? asked : DEFAULT_PAGE_LIMIT;
  const key = decode(query['page']);
  return {
    after: <const Parts extends readonly KeyPart[]>(...parts: Parts) => {
      if (key === null) return null;
      const fits = key.length === parts.length && parts.every((part, index) => FITS[part](key[index] ?? ''));
      if (!fits) throw malformed();
      return key as PageKey<Parts>;
    },
    limit,
    answer: (rows, keyOf) => {
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      if (rows.length > limit && last !== undefined) {
        const [path = '', search = ''] = request.url.split('?', 2);
        const next = new URLSearchParams(search);
        next.set('page', Buffer.from(JSON.stringify(keyOf(last)), 'utf8').toString('base64url'));
        void reply.header('link', `<${path}?${next.toString()}>; rel="next"`);
      }
      return { items };
    },
  };
}

/**
 * Parameter decorator of list routes: `list(@Query() query: CaseListQuery, @CurrentPage() paging: Paging)`, where
 * `CaseListQuery extends PageQuery`.
 */
export const CurrentPage = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const http = context.switchToHttp();
  return pagingOf(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
});

/** Sets `ETag` of a read answer to the stream version: `show(@Res({ passthrough: true }) reply: FastifyReply)`. */
export function setVersion(reply: FastifyReply, version: number): void {
  void reply.header('etag', `"${version}"`);
}
