import { describe, expect, it } from '@jest/globals';
import { beginningOf, callerOf, traceIdOf } from './trace-ids.ts';

describe('the trace of a correlation', () => {
  it('is its correlation id without dashes', () => {
    expect(traceIdOf('7D0E3C7A-3a1e-4b7e-9d3c-1b7a2f3c4d5f')).toBe('7d0e3c7a3a1e4b7e9d3c1b7a2f3c4d5f');
  });

  it.each(['00000000-0000-0000-0000-000000000000', 'María Pérez', '', '7d0e3c7a3a1e4b7e9d3c1b7a2f3c4d5f'])(
    'is nothing for %j',
    (text) => {
      expect(traceIdOf(text)).toBeUndefined();
    },
  );

  it('begins at each agency with a span that everybody can compute', () => {
    const traceId = '7d0e3c7a3a1e4b7e9d3c1b7a2f3c4d5f';
    const begun = beginningOf('cr-border-intake', traceId);
    expect(begun).toEqual(beginningOf('cr-border-intake', traceId));
    expect(begun).toMatchObject({ traceId, spanId: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(begun.spanId).not.toBe(beginningOf('mx-comar', traceId).spanId);
    expect(begun.spanId).not.toBe(beginningOf('cr-border-intake', traceId.replace('7', '8')).spanId);
  });
});

describe('the span of a caller', () => {
  it('is read from a well-formed traceparent', () => {
    expect(callerOf('00-7d0e3c7a3a1e4b7e9d3c1b7a2f3c4d5f-00f067aa0ba902b7-01')).toEqual({
      traceId: '7d0e3c7a3a1e4b7e9d3c1b7a2f3c4d5f',
      spanId: '00f067aa0ba902b7',
      traceFlags: 1,
      isRemote: true,
    });
  });

  it.each([
    undefined,
    'María Pérez',
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    '00-7d0e3c7a3a1e4b7e9d3c1b7a2f3c4d5f-0000000000000000-01',
    '00-7D0E3C7A3A1E4B7E9D3C1B7A2F3C4D5F-00f067aa0ba902b7-01',
    '00-7d0e3c7a3a1e4b7e9d3c1b7a2f3c4d5f-00f067aa0ba902b7-01-maria',
  ])('is nothing for %j', (text) => {
    expect(callerOf(text)).toBeUndefined();
  });
});
