import type { FastifyInstance } from 'fastify';
import { Problem } from '../http/problem.ts';

const FORM = 'application/x-www-form-urlencoded';
const FORM_LIMIT_BYTES = 4 * 1024;
const PREFIX = '/answer/';

/** Reads forms that are sent to the pages, and nowhere else: JSON is all that the API reads. */
export function acceptAnswerForms(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(FORM, { parseAs: 'string', bodyLimit: FORM_LIMIT_BYTES }, (request, body, done) => {
    if (request.url.startsWith(PREFIX)) done(null, new URLSearchParams(body.toString()));
    else done(new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', 'send application/json'));
  });
}
