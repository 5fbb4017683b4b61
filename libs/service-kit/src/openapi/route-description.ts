import { ParseUUIDPipe, type Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { MetadataScanner } from '@nestjs/core';
import { PUBLIC_METADATA, type Role, ROLES_METADATA } from '../auth/roles.ts';
import { currentCommand } from '../http/command-context.ts';
import { type AnswerDescription, ANSWERS_METADATA } from './answers.ts';

/** What the decorators of one handler say. */
export interface RouteDescription {
  /** `<Controller>_<method>`, the operationId. */
  readonly operationId: string;
  readonly isPublic: boolean;
  readonly roles: readonly Role[];
  readonly answer: AnswerDescription | undefined;
  /** Class of `@Body()`; `undefined` without one. */
  readonly body: Type | undefined;
  /** Class of a whole `@Query()`. */
  readonly query: Type | undefined;
  /** Takes `@CurrentCommand()`: Idempotency-Key and If-Match mean something. */
  readonly isCommand: boolean;
  /** Path parameters that must be UUIDs. */
  readonly uuidParameters: readonly string[];
}

interface RouteArgument {
  readonly index: number;
  readonly data?: unknown;
  readonly pipes?: readonly unknown[];
  /** Of a parameter decorator that is not Nest's own. */
  readonly factory?: unknown;
}

/** `@Body()` or `@Query()` has no class at run time, so that nothing would be validated. */
export class ErasedRequestTypeError extends Error {
  override readonly name = 'ErasedRequestTypeError';
}

/** The operationId of a handler. */
export function operationIdOf(controller: string, method: string): string {
  return `${controller}_${method}`;
}

function metadata<T>(key: string, handler: object, controller: Type): T | undefined {
  return (Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller)) as T | undefined;
}

function storedArguments(controller: Type, method: string): Record<string, RouteArgument> {
  return (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {}) as Record<string, RouteArgument>;
}

function argumentsOf(controller: Type, method: string): Map<number, RouteArgument[]> {
  const found = new Map<number, RouteArgument[]>();
  const stored = storedArguments(controller, method);
  for (const [key, argument] of Object.entries(stored)) {
    const kind = Number(key.split(':', 1)[0]);
    if (!Number.isNaN(kind)) found.set(kind, [...(found.get(kind) ?? []), argument]);
  }
  return found;
}

const UNVALIDATED: readonly unknown[] = [undefined, Object, String, Number, Boolean, Array, Promise];

function classOf(
  controller: Type,
  method: string,
  argument: RouteArgument | undefined,
  what: string,
): Type | undefined {
  if (argument === undefined) return undefined;
  const types = (Reflect.getMetadata('design:paramtypes', controller.prototype as object, method) ?? []) as unknown[];
  const type = types[argument.index];
  if (!UNVALIDATED.includes(type)) return type as Type;
  throw new ErasedRequestTypeError(
    `${controller.name}.${method}: ${what} has no class at run time and would not be validated; ` +
      'import the class as a value, not with `import type`, and take the whole of it',
  );
}

function isUuidPipe(pipe: unknown): boolean {
  return pipe === ParseUUIDPipe || pipe instanceof ParseUUIDPipe;
}

function describeRoute(controller: Type, method: string, handler: object): RouteDescription {
  const routeArguments = argumentsOf(controller, method);
  const bodies = routeArguments.get(RouteParamtypes.BODY) ?? [];
  const queries = routeArguments.get(RouteParamtypes.QUERY) ?? [];
  const parameters = routeArguments.get(RouteParamtypes.PARAM) ?? [];
  return {
    operationId: operationIdOf(controller.name, method),
    isPublic: metadata<boolean>(PUBLIC_METADATA, handler, controller) ?? false,
    roles: metadata<readonly Role[]>(ROLES_METADATA, handler, controller) ?? [],
    answer: Reflect.getMetadata(ANSWERS_METADATA, handler) as AnswerDescription | undefined,
    body: classOf(controller, method, bodies[0], '@Body()'),
    query: classOf(controller, method, queries[0], '@Query()'),
    isCommand: Object.values(storedArguments(controller, method)).some(({ factory }) => factory === currentCommand),
    uuidParameters: parameters
      .filter((argument) => typeof argument.data === 'string' && argument.pipes?.some(isUuidPipe))
      .map((argument) => String(argument.data)),
  };
}

/**
 * What the decorators of the controllers say, one entry per route, inherited ones included.
 *
 * @throws ErasedRequestTypeError a body or query whose class was erased by `import type`
 */
export function describeRoutes(controllers: readonly Type[]): ReadonlyMap<string, RouteDescription> {
  const scanner = new MetadataScanner();
  const routes = new Map<string, RouteDescription>();
  for (const controller of controllers) {
    const prototype = controller.prototype as Record<string, object>;
    for (const method of scanner.getAllMethodNames(prototype)) {
      const handler = prototype[method];
      if (handler === undefined || Reflect.getMetadata('path', handler) === undefined) continue;
      const route = describeRoute(controller, method, handler);
      routes.set(route.operationId, route);
    }
  }
  return routes;
}
