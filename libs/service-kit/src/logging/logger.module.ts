import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { DestinationStream } from 'pino';
import { describeError } from './describe-error.ts';

/** How a node logs. */
export interface LoggingOptions {
  readonly level: string;
  readonly agencyId: string;
  /** Standard output when left out; specs give a stream of their own. */
  readonly destination?: DestinationStream;
}

/**
 * JSON lines with level, time, agency, context and correlation id. Requests are logged by `logRequests` with their route
 * template: no URL, query, header, body or token subject ever reaches a line, and errors only as `describeError` has them.
 */
export function loggerModule(options: LoggingOptions): DynamicModule {
  const pinoHttp = {
    level: options.level,
    base: { agency: options.agencyId },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    autoLogging: false,
    quietReqLogger: true,
    quietResLogger: true,
    customAttributeKeys: { reqId: 'correlationId' },
    genReqId: (request: { id?: unknown }) => (typeof request.id === 'string' ? request.id : ''),
    serializers: { err: describeError, error: describeError },
  };
  return LoggerModule.forRoot({
    pinoHttp: options.destination === undefined ? pinoHttp : [pinoHttp, options.destination],
  } as Parameters<typeof LoggerModule.forRoot>[0]);
}
