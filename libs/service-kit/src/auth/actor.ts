import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Who calls, from the verified token. */
export interface Actor {
  /** Token subject, `<agency>.<role>` in the development issuer. Kept in event metadata, never in logs. */
  readonly subject: string;
  /** Always this node's agency: tokens of others are refused. */
  readonly agency: string;
  readonly roles: readonly string[];
}

const ACTOR = Symbol('acogida.actor');

/** Puts the verified caller on the request; done by the bearer guard. */
export function setActor(request: FastifyRequest, actor: Actor): void {
  Object.defineProperty(request, ACTOR, { value: actor, enumerable: false });
}

/** The verified caller of the request. @throws Error on a public route: there is none */
export function actorOf(request: FastifyRequest): Actor {
  const actor = (request as unknown as Record<symbol, Actor | undefined>)[ACTOR];
  if (actor === undefined) throw new Error('the route is public: there is no actor');
  return actor;
}

/** Parameter decorator: the verified caller. `list(@CurrentActor() actor: Actor)` with `import { type Actor }`. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext) =>
  actorOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
