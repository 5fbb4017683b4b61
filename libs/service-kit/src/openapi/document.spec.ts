import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestNode, type TestNode } from '@acogida/testing/node';
import { Body, Controller, Post, Query } from '@nestjs/common';
import { Roles } from '../auth/roles.ts';
import type { PageQuery } from '../http/paging.ts';
import { specimenNode } from '../testing/specimen-node.ts';
import { describeRoutes, ErasedRequestTypeError } from './route-description.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters: {
    readonly name: string;
    readonly required: boolean;
    readonly schema: Record<string, unknown>;
  }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: { readonly $ref: string } }> };
  readonly responses: Record<
    string,
    { readonly content?: Record<string, { readonly schema: Record<string, unknown> }> }
  >;
  readonly security: unknown[];
  readonly 'x-roles': readonly string[];
  readonly description: string;
}

interface Document {
  readonly openapi: string;
  readonly info: Record<string, string>;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Record<string, unknown>>; readonly securitySchemes: object };
}

let node: TestNode;
let document: Document;

beforeAll(async () => {
  node = await startTestNode(specimenNode);
  document = (await node.get('/openapi.json', { token: null })).body as Document;
});

afterAll(() => node.stop());

function operation(method: string, path: string): Operation {
  const found = document.paths[path]?.[method];
  if (found === undefined) throw new Error(`${method} ${path} is not described`);
  return found;
}

const REFERENCE = /"\$ref":"#\/components\/schemas\/([^"]+)"/g;

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1 and names the agency', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({
      title: 'Acogida intake, cr-border-intake',
      description: 'A specimen.',
      version: 'v1',
    });
  });

  it('describes the answer of every route, its roles, and its problems', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations.length).toBeGreaterThan(10);
    for (const { operationId, responses, security, description } of operations) {
      const success = Object.entries(responses).find(([status]) => status.startsWith('2'));
      expect([operationId, success?.[1].content?.['application/json']?.schema]).toEqual([
        operationId,
        expect.any(Object),
      ]);
      expect(description).toMatch(/^(Roles: |Open to everybody)/);
      if (security.length === 0) continue;
      expect(responses['403']?.content).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
    }
  });

  it('holds each schema that it refers to, with properties, and no other', () => {
    const referenced = new Set([...JSON.stringify(document).matchAll(REFERENCE)].map((match) => match[1]));
    expect(Object.keys(document.components.schemas).sort()).toEqual([...referenced].sort());
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      expect([name, Object.keys(schema['properties'] ?? {}).length > 0]).toEqual([name, true]);
    }
  });

  it('describes a command: body, id, headers, roles', () => {
    const changeBeds = operation('post', '/v1/shelters/{id}/beds');
    expect(changeBeds.requestBody?.content['application/json']?.schema.$ref).toBe(
      '#/components/schemas/ChangeBedsBody',
    );
    expect(document.components.schemas['ChangeBedsBody']).toEqual({
      type: 'object',
      required: ['by'],
      properties: {
        by: { type: 'integer', minimum: -100, maximum: 100 },
        address: { $ref: '#/components/schemas/Address' },
      },
    });
    const parameters = Object.fromEntries(changeBeds.parameters.map(({ name, required }) => [name, required]));
    expect(parameters).toEqual({ id: true, 'Idempotency-Key': true, 'If-Match': false, 'X-Correlation-Id': false });
    expect(changeBeds.parameters.find(({ name }) => name === 'id')?.schema).toEqual({ type: 'string', format: 'uuid' });
    expect(changeBeds['x-roles']).toEqual(['caseworker', 'import']);
    expect(changeBeds.security).toEqual([{ bearer: [] }]);
    expect(Object.keys(changeBeds.responses)).toEqual(expect.arrayContaining(['400', '409', '412', '422', '503']));
  });

  it('describes the query of a list, inherited paging included', () => {
    const list = operation('get', '/v1/shelters');
    expect(list.parameters.map(({ name }) => name).sort()).toEqual(['X-Correlation-Id', 'area', 'limit', 'page']);
    expect(list.parameters.find(({ name }) => name === 'area')?.schema).toEqual({
      type: 'string',
      enum: ['NORTH', 'SOUTH'],
    });
  });

  it('has a page to browse, whose scripts come from the node', async () => {
    const page = await node.get('/docs', { token: null });
    expect(page.status).toBe(200);
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(sources.length).toBeGreaterThan(2);
    expect(sources.filter((source) => /^(https?:)?\/\//.test(source))).toEqual([]);
    expect(page.text).not.toMatch(/<script>[^<]/);
    const script = sources.find((source) => source.endsWith('swagger-ui-bundle.js')) ?? '';
    expect((await node.get(new URL(script, 'http://node/docs').pathname, { token: null })).status).toBe(200);
  });
});

describe('a controller whose request class was erased', () => {
  @Controller('erased')
  class ErasedBodyController {
    @Post()
    @Roles('caseworker')
    take(@Body() body: { readonly by: number }): number {
      return body.by;
    }
  }

  @Controller('erased')
  class ErasedQueryController {
    @Post()
    @Roles('caseworker')
    take(@Query() query: PageQuery): string {
      return query.page ?? '';
    }
  }

  it('is refused at start: its body or query would not be validated', () => {
    expect(() => describeRoutes([ErasedBodyController])).toThrow(ErasedRequestTypeError);
    expect(() => describeRoutes([ErasedQueryController])).toThrow(
      /ErasedQueryController.take: @Query\(\) has no class/,
    );
  });

  it('keeps the node from starting', async () => {
    const definition = { ...specimenNode, controllers: [ErasedBodyController] };
    await expect(startTestNode(definition)).rejects.toThrow(ErasedRequestTypeError);
  });
});
