import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Level, type Logger, pino } from 'pino';
import { describeError } from './describe-error.ts';

/** How a node logs. */
export interface NodeLoggerOptions {
  readonly level: string;
  readonly agencyId: string;
  /** Standard output when left out; specs give a stream of their own. */
  readonly destination?: DestinationStream;
  /** Fields of whatever is under way: correlation, trace. Never identity. */
  readonly present?: () => object;
}

/** Members that no line carries, whoever hands them in: they are where identity and secrets come from. */
const NEVER_LOGGED = [
  'req',
  'res',
  'request',
  'reply',
  'headers',
  'body',
  'query',
  'params',
  'url',
  'token',
  'actor',
  'data',
];

/**
 * The log of a node: one JSON object for each line, with level, time, agency, context, `msg`, and the correlation and trace
 * of what is under way. An error is told by `describeError` only, whichever way it comes in.
 */
export function createNodeLogger(options: NodeLoggerOptions): LoggerService {
  const { level, agencyId, destination, present } = options;
  const settings = {
    level,
    base: { agency: agencyId },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    serializers: { err: describeError, error: describeError },
    redact: { paths: NEVER_LOGGED, remove: true },
    ...(present === undefined ? {} : { mixin: present }),
  };
  return new NodeLogger(destination === undefined ? pino(settings) : pino(settings, destination));
}

/** Nest's logger interface over pino. */
class NodeLogger implements LoggerService {
  readonly #pino: Logger;

  constructor(logger: Logger) {
    this.#pino = logger;
  }

  log(message: unknown, ...more: unknown[]): void {
    this.#write('info', message, more);
  }

  warn(message: unknown, ...more: unknown[]): void {
    this.#write('warn', message, more);
  }

  error(message: unknown, ...more: unknown[]): void {
    this.#write('error', message, more);
  }

  fatal(message: unknown, ...more: unknown[]): void {
    this.#write('fatal', message, more);
  }

  debug(message: unknown, ...more: unknown[]): void {
    this.#write('debug', message, more);
  }

  verbose(message: unknown, ...more: unknown[]): void {
    this.#write('trace', message, more);
  }

  /** Nest gives the context as the last parameter, and a stack before it when the message is that of an error. */
  #write(level: Level, message: unknown, more: readonly unknown[]): void {
    const context = more.at(-1);
    const fields = typeof context === 'string' && !isStack(context) ? { context } : {};
    const stack = more.find((part) => typeof part === 'string' && isStack(part)) as string | undefined;
    if (message instanceof Error || stack !== undefined) {
      const failure = message instanceof Error ? message : Object.assign(new Error(String(message)), { stack });
      this.#pino[level]({ ...fields, msg: 'failed', failure: describeError(failure) });
    } else if (typeof message === 'object' && message !== null) {
      this.#pino[level]({ ...fields, ...message });
    } else {
      this.#pino[level](fields, String(message));
    }
  }
}

function isStack(text: string): boolean {
  return /\n\s*at /.test(text);
}
