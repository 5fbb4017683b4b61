import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.ts';
import { NODE_CONTEXT } from '../tokens.ts';
import type { NodeContext } from '../node-definition.ts';
import { setActor } from './actor.ts';
import { PUBLIC_METADATA, type Role, ROLES_METADATA } from './roles.ts';
import { TokenVerifier } from './token-verifier.ts';

const BEARER = /^Bearer ([A-Za-z0-9._~+/=-]{1,8192})$/i;

function bearerOf(request: FastifyRequest): string {
  const match = BEARER.exec(request.headers.authorization ?? '');
  if (match?.[1] !== undefined) return match[1];
  throw new Problem(401, 'AUTH.TOKEN_MISSING', 'send a bearer token', { headers: { 'www-authenticate': 'Bearer' } });
}

/**
 * Lets a request pass when its route is public, or when its token is valid, belongs to this agency and carries a role that
 * the route names. A route that names none is refused to everybody.
 */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenVerifier,
    @Inject(NODE_CONTEXT) private readonly node: Pick<NodeContext, 'agencyId'>,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true; // batches of the log carry signatures, not tokens
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_METADATA, targets) === true) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { subject, agency, roles } = await this.tokens.verify(bearerOf(request));
    if (agency !== this.node.agencyId) throw new Problem(403, 'AUTH.OTHER_AGENCY', 'the token is of another agency');
    const allowed = this.reflector.getAllAndOverride<readonly Role[] | undefined>(ROLES_METADATA, targets) ?? [];
    if (!allowed.some((role) => roles.includes(role))) {
      throw new Problem(403, 'AUTH.ROLE_MISSING', 'the token carries no role that may do this', {
        details: { allowed },
      });
    }
    setActor(request, { subject, agency, roles });
    return true;
  }
}
