import type { INestApplication, Type } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { CommandAnswer } from './answers.ts';
import { referencedSchemas, type Schema, SCHEMA_PREFIX, validatedSchemas } from './document-schemas.ts';
import { describeRoutes, operationIdOf, type RouteDescription } from './route-description.ts';

/** What the document says about the whole service. */
export interface DocumentTitle {
  readonly title: string;
  readonly description: string;
  readonly version: string;
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Parameter = NonNullable<Operation['parameters']>[number];
type MutableSchemas = Record<string, Schema>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

const PROBLEM_SCHEMA: Schema = {
  type: 'object',
  description: 'A problem (RFC 9457). `code` is stable; `errors` point at properties and never repeat values.',
  required: ['type', 'title', 'status', 'code', 'correlationId'],
  properties: {
    type: { type: 'string', format: 'uri', examples: ['urn:acogida:problem:VALIDATION_FAILED'] },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    correlationId: { type: 'string', format: 'uuid' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'message'],
        properties: { pointer: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
      },
    },
    details: { type: 'object', additionalProperties: true },
  },
};

const READ_PROBLEMS = { 401: 'no valid token', 403: 'role or agency not allowed', 503: 'temporarily unavailable' };
const INPUT_PROBLEMS = { 400: 'the request does not fit its schema' };
const NAMED_PROBLEMS = { 404: 'there is no such thing here' };
const COMMAND_PROBLEMS = {
  409: 'the state does not allow it now',
  412: 'changed since the version in If-Match',
  413: 'the body is larger than 256 KiB',
  415: 'not application/json',
  422: 'a rule refuses it, or the Idempotency-Key was used for another request',
};

function problemResponses(descriptions: Readonly<Record<number, string>>): Operation['responses'] {
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: { $ref: `${SCHEMA_PREFIX}Problem` } } } },
    ]),
  );
}

function commandHeaders(isPost: boolean): Parameter[] {
  return [
    {
      name: 'Idempotency-Key',
      in: 'header',
      required: isPost,
      description: 'A new one for each new command; the same one repeats the kept answer.',
      schema: { type: 'string', minLength: 1, maxLength: 128 },
    },
    {
      name: 'If-Match',
      in: 'header',
      required: false,
      description: 'The ETag that the client saw, `"<version>"`: 412 when it has changed since.',
      schema: { type: 'string', pattern: '^"[0-9]+"$' },
    },
  ];
}

const CORRELATION_HEADER: Parameter = {
  name: 'X-Correlation-Id',
  in: 'header',
  required: false,
  schema: { type: 'string', format: 'uuid' },
};

function queryParameters(type: Type, schemas: MutableSchemas): Parameter[] {
  const schema = schemas[type.name] ?? {};
  const required = (schema['required'] ?? []) as readonly string[];
  return Object.entries((schema['properties'] ?? {}) as Record<string, Schema>).map(([name, property]) => ({
    name,
    in: 'query' as const,
    required: required.includes(name),
    schema: property as NonNullable<Extract<Parameter, { schema?: unknown }>['schema']>,
  }));
}

function answerSchema(route: RouteDescription, isCommand: boolean): Schema {
  if (route.answer === undefined) {
    return isCommand
      ? { $ref: `${SCHEMA_PREFIX}${CommandAnswer.name}` }
      : { type: 'object', additionalProperties: true };
  }
  const item = { $ref: `${SCHEMA_PREFIX}${route.answer.type.name}` };
  if (!route.answer.page) return item;
  return { type: 'object', required: ['items'], properties: { items: { type: 'array', items: item } } };
}

function completeParameters(
  operation: Operation,
  route: RouteDescription,
  method: string,
  schemas: MutableSchemas,
): void {
  const inPath = (operation.parameters ?? []).filter((parameter) => 'in' in parameter && parameter.in === 'path');
  for (const parameter of inPath) {
    if ('name' in parameter && route.uuidParameters.includes(parameter.name)) {
      Object.assign(parameter, { schema: { type: 'string', format: 'uuid' } });
    }
  }
  operation.parameters = [
    ...inPath,
    ...(route.query === undefined ? [] : queryParameters(route.query, schemas)),
    ...(route.isPublic ? [] : [CORRELATION_HEADER]),
    ...(route.isCommand ? commandHeaders(method === 'post') : []),
  ];
}

function completeOperation(
  operation: Operation,
  route: RouteDescription,
  method: string,
  schemas: MutableSchemas,
): void {
  const isCommand = method !== 'get';
  completeParameters(operation, route, method, schemas);
  const takesInput = isCommand || route.query !== undefined || route.uuidParameters.length > 0;
  const status =
    route.answer?.status ?? (Object.keys(operation.responses).includes('200') ? 200 : isCommand ? 201 : 200);
  const headers = {
    ETag: { description: 'stream version', schema: { type: 'string' as const } },
    ...(route.isCommand
      ? { 'Idempotency-Replayed': { description: 'true on a kept answer', schema: { type: 'string' as const } } }
      : {}),
  };
  operation.responses = {
    [status]: {
      description: 'the answer',
      headers: route.isPublic ? {} : headers,
      content: {
        [route.answer?.mediaType ?? 'application/json']: { schema: answerSchema(route, route.isCommand) },
      },
    },
    ...(route.isPublic
      ? {}
      : problemResponses({
          ...READ_PROBLEMS,
          ...(takesInput ? INPUT_PROBLEMS : {}),
          ...((operation.parameters ?? []).some((parameter) => 'in' in parameter && parameter.in === 'path')
            ? NAMED_PROBLEMS
            : {}),
          ...(isCommand ? COMMAND_PROBLEMS : {}),
        })),
  };
  operation.security = route.isPublic ? [] : [{ bearer: [] }];
  const roles = route.isPublic
    ? 'Open to everybody.'
    : `Roles: ${route.roles.join(', ') || 'none, refused to everybody'}.`;
  operation.description = [operation.description, roles].filter(Boolean).join(' ');
  Object.assign(operation, { 'x-roles': route.roles });
}

/**
 * The OpenAPI 3.1 document of a node: Nest's routes, the schemas of class-validator, roles, headers and problems.
 *
 * @throws ErasedRequestTypeError a body or query whose class was erased by `import type`
 */
export function createDocument(
  app: INestApplication,
  controllers: readonly Type[],
  title: DocumentTitle,
): OpenAPIObject {
  const settings = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(title.title)
    .setDescription(title.description)
    .setVersion(title.version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
    .build();
  const document = SwaggerModule.createDocument(app, settings, { operationIdFactory: operationIdOf });
  const routes = describeRoutes(controllers);
  const schemas: MutableSchemas = { ...validatedSchemas(), Problem: PROBLEM_SCHEMA };
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      const route = routes.get(operation?.operationId ?? '');
      if (operation !== undefined && route !== undefined) completeOperation(operation, route, method, schemas);
    }
  }
  document.components = {
    ...document.components,
    schemas: referencedSchemas(document, schemas),
  };
  return document;
}
