import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { NodeRuntime } from '../node/node-runtime.ts';
import { NODE_RUNTIME } from '../tokens.ts';
import { Problem } from './problem.ts';
import { RETRY_AFTER_SECONDS } from './problem-mapping.ts';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses every request that changes something while the relay does not work for this node: before its own topic was
 * first compared with its database, while a restored copy takes its events back in, and once the relay gave up
 * (architecture.md §3, Restore). What is committed then would never be published, or would contradict what was. Reading goes on; a log that is away later stops nothing.
 */
@Injectable()
export class RelayingGuard implements CanActivate {
  constructor(@Inject(NODE_RUNTIME) private readonly node: Pick<NodeRuntime, 'isRelaying' | 'recovery'>) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const { method } = context.switchToHttp().getRequest<FastifyRequest>();
    if (READING.has(method) || this.node.isRelaying()) return true;
    const headers = { 'retry-after': String(RETRY_AFTER_SECONDS) };
    if (this.node.recovery.isRecovering()) {
      throw new Problem(503, 'NODE_IN_RECOVERY', 'this node was restored and takes its own events back in', {
        headers,
      });
    }
    throw new Problem(503, 'NODE_NOT_RELAYING', 'this node cannot publish what it would record: nothing is accepted', {
      headers,
    });
  }
}
