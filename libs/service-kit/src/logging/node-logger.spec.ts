import { describe, expect, it } from '@jest/globals';
import { createNodeLogger } from './node-logger.ts';

const CANARY = 'María Pérez';

function capture(present?: () => object): {
  logger: ReturnType<typeof createNodeLogger>;
  text: () => string;
  lines: () => Record<string, unknown>[];
} {
  const written: string[] = [];
  const logger = createNodeLogger({
    ...{ level: 'trace', agencyId: 'mx-comar', destination: { write: (line: string) => void written.push(line) } },
    ...(present === undefined ? {} : { present }),
  });
  return {
    logger,
    text: () => written.join(''),
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('the log of a node', () => {
  it('writes one JSON object for each line, with agency, time, context and what is under way', () => {
    const { logger, text, lines } = capture(() => ({ correlationId: 'c', traceId: 't' }));
    logger.log({ msg: 'request answered', status: 201 }, 'Http');
    logger.warn('two\nlines', 'Start');
    expect(text().match(/\n/g)).toHaveLength(2);
    expect(lines()).toEqual([
      expect.objectContaining({
        ...{
          agency: 'mx-comar',
          context: 'Http',
          msg: 'request answered',
          status: 201,
          correlationId: 'c',
          traceId: 't',
        },
        ...{ level: 30, time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
      }),
      expect.objectContaining({ level: 40, context: 'Start', msg: 'two\nlines' }),
    ]);
  });

  it('tells an error by class, code and frames, whichever way it comes in', () => {
    const { logger, text, lines } = capture();
    const error = Object.assign(new TypeError(`no ${CANARY}\n    at ${CANARY} (here:1:1)`), { code: 'E1' });
    logger.error(error);
    logger.error(error.message, error.stack, 'ExceptionsHandler');
    logger.error({ msg: 'nested', err: error });
    expect(text()).not.toContain(CANARY);
    expect(lines()[0]).toMatchObject({ failure: { name: 'TypeError', code: 'E1', frames: expect.any(Array) } });
    expect(lines()[1]).toMatchObject({ context: 'ExceptionsHandler', msg: 'failed' });
    expect(lines()[2]).toMatchObject({ msg: 'nested', err: { name: 'TypeError', code: 'E1' } });
  });

  it('carries no request, body or token, whoever hands it in', () => {
    const { logger, text } = capture();
    logger.log({ msg: 'x', body: { name: CANARY }, headers: { a: CANARY }, url: `/${CANARY}`, token: CANARY });
    logger.debug?.({ msg: 'x', req: { url: CANARY }, actor: CANARY, query: CANARY, params: CANARY, data: CANARY });
    expect(text()).not.toContain(CANARY);
  });
});
