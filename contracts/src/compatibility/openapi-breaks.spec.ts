import { describe, expect, it } from '@jest/globals';
import { openapiBreaks, type OpenapiDocument } from './openapi-breaks.ts';

type Mutable = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- documents are edited below

const ofJson = (schema: object) => ({ content: { 'application/json': { schema } } });

/** A list and a command, as nodes describe them. */
function shelters(): Mutable {
  return {
    paths: {
      '/v1/shelters': {
        get: {
          parameters: [
            { name: 'area', in: 'query', required: false, schema: { type: 'string', enum: ['NORTH', 'SOUTH'] } },
            { name: 'X-Correlation-Id', in: 'header', required: false, schema: { type: 'string', format: 'uuid' } },
          ],
          responses: {
            200: {
              headers: { ETag: { schema: { type: 'string' } } },
              ...ofJson({ type: 'object', properties: { items: { items: { $ref: '#/components/schemas/Shelter' } } } }),
            },
            403: ofJson({ $ref: '#/components/schemas/Problem' }),
          },
          security: [{ bearer: [] }],
          'x-roles': ['caseworker', 'auditor'],
        },
      },
      '/v1/shelters/{id}/beds': {
        post: {
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
          requestBody: { required: false, ...ofJson({ $ref: '#/components/schemas/ChangeBedsBody' }) },
          responses: { 201: ofJson({ $ref: '#/components/schemas/Shelter' }) },
          security: [{ bearer: [] }],
          'x-roles': ['caseworker'],
        },
      },
      '/health/ready': { get: { responses: { 200: ofJson({ type: 'object' }) }, security: [] } },
    },
    components: {
      schemas: {
        Shelter: {
          type: 'object',
          required: ['id', 'area'],
          properties: {
            id: { type: 'string', format: 'uuid' },
            area: { type: 'string', enum: ['NORTH', 'SOUTH'] },
            beds: { type: 'integer', minimum: 0 },
          },
        },
        ChangeBedsBody: {
          type: 'object',
          required: ['by'],
          properties: {
            by: { type: 'integer', minimum: -100, maximum: 100 },
            note: { type: 'string', enum: ['A', 'B'] },
          },
        },
        Problem: { type: 'object', required: ['code'], properties: { code: { type: 'string' } } },
      },
    },
  };
}

type Edit = (document: Mutable) => void;

function breaksAfter(edit: Edit): readonly string[] {
  const after = shelters();
  edit(after);
  return openapiBreaks(shelters() as OpenapiDocument, after as OpenapiDocument);
}

const list = (document: Mutable): Mutable => document['paths']['/v1/shelters'].get as Mutable;
const command = (document: Mutable): Mutable => document['paths']['/v1/shelters/{id}/beds'].post as Mutable;
const schema = (document: Mutable, name: string): Mutable => document['components'].schemas[name] as Mutable;

describe('openapiBreaks allows', () => {
  it.each<[string, Edit]>([
    ['the same document', () => {}],
    ['a new path', (d) => (d['paths']['/v1/kitchens'] = { get: { responses: {} } })],
    ['a new operation', (d) => (d['paths']['/v1/shelters'].post = { responses: {} })],
    ['a new role', (d) => list(d)['x-roles'].push('officer')],
    ['a new optional parameter', (d) => list(d)['parameters'].push({ name: 'page', in: 'query', required: false })],
    ['a value more in a parameter', (d) => list(d)['parameters'][0].schema.enum.push('EAST')],
    [
      'a new optional field in a request',
      (d) => (schema(d, 'ChangeBedsBody')['properties'].reason = { type: 'string' }),
    ],
    ['a value more in a request', (d) => schema(d, 'ChangeBedsBody')['properties'].note.enum.push('C')],
    ['a wider bound in a request', (d) => (schema(d, 'ChangeBedsBody')['properties'].by.maximum = 500)],
    ['a field no longer required in a request', (d) => (schema(d, 'ChangeBedsBody')['required'] = [])],
    ['a new field in a response', (d) => (schema(d, 'Shelter')['properties'].name = { type: 'string' })],
    ['a value less in a response', (d) => (schema(d, 'Shelter')['properties'].area.enum = ['NORTH'])],
    ['a field always there in a response', (d) => schema(d, 'Shelter')['required'].push('beds')],
    ['a narrower bound in a response', (d) => (schema(d, 'Shelter')['properties'].beds.maximum = 500)],
    ['a problem less and one more', (d) => (list(d)['responses'] = { 200: list(d)['responses'][200], 409: {} })],
    ['another description', (d) => (list(d)['description'] = 'Shelters.')],
    ['another spelling of a header', (d) => (list(d)['parameters'][1].name = 'x-correlation-id')],
    [
      'another name of a path parameter',
      (d) => {
        const paths = d['paths'] as Mutable;
        paths['/v1/shelters/{shelterId}/beds'] = paths['/v1/shelters/{id}/beds'];
        delete paths['/v1/shelters/{id}/beds'];
        paths['/v1/shelters/{shelterId}/beds'].post.parameters[0].name = 'shelterId';
      },
    ],
    [
      'another name of a schema',
      (d) => {
        d['components'].schemas.ShelterAnswer = schema(d, 'Shelter');
        command(d)['responses'][201] = ofJson({ $ref: '#/components/schemas/ShelterAnswer' });
      },
    ],
  ])('%s', (_, edit) => expect(breaksAfter(edit)).toEqual([]));
});

describe('openapiBreaks refuses', () => {
  const inRequest = 'Requests that were accepted may be refused.';
  const inResponse = 'Clients read what was promised.';
  const body = 'POST /v1/shelters/{id}/beds: request application/json #/';
  const answer = 'POST /v1/shelters/{id}/beds: response 201 application/json #/';

  it.each<[string, Edit, string]>([
    [
      'a path less',
      (d) => delete d['paths']['/v1/shelters'],
      'GET /v1/shelters: removed. Put it back; what replaces it stands beside it.',
    ],
    [
      'an operation less',
      (d) => delete d['paths']['/v1/shelters/{id}/beds'].post,
      'POST /v1/shelters/{id}/beds: removed. Put it back; what replaces it stands beside it.',
    ],
    [
      'a role less',
      (d) => list(d)['x-roles'].pop(),
      'GET /v1/shelters: role auditor removed. Who has it could call this.',
    ],
    [
      'a token where none was needed',
      (d) => (d['paths']['/health/ready'].get.security = [{ bearer: [] }]),
      'GET /health/ready: needs a token where it was open to everybody.',
    ],
    [
      'a parameter less',
      (d) => list(d)['parameters'].shift(),
      'GET /v1/shelters: query parameter area removed. Clients send it.',
    ],
    [
      'a parameter that became required',
      (d) => (list(d)['parameters'][0].required = true),
      'GET /v1/shelters: query parameter area became required. Clients leave it out.',
    ],
    [
      'a new required parameter',
      (d) => list(d)['parameters'].push({ name: 'day', in: 'query', required: true }),
      'GET /v1/shelters: query parameter day added as required. Clients do not know it.',
    ],
    [
      'a value less in a parameter',
      (d) => list(d)['parameters'][0].schema.enum.pop(),
      `GET /v1/shelters: query parameter area #/enum: value "SOUTH" removed. ${inRequest}`,
    ],
    [
      'another format of a path parameter',
      (d) => (command(d)['parameters'][0].schema.format = 'date'),
      `POST /v1/shelters/{id}/beds: path parameter id #/format: "uuid" became "date". ${inRequest}`,
    ],
    [
      'a body that became required',
      (d) => (command(d)['requestBody'].required = true),
      'POST /v1/shelters/{id}/beds: the body became required. Clients leave it out.',
    ],
    [
      'a body where there was none',
      (d) => (list(d)['requestBody'] = { required: true }),
      'GET /v1/shelters: a body added as required. Clients send none.',
    ],
    [
      'no body',
      (d) => delete command(d)['requestBody'],
      'POST /v1/shelters/{id}/beds: body removed. Clients send one.',
    ],
    [
      'another type of body',
      (d) => (command(d)['requestBody'].content = { 'text/csv': {} }),
      'POST /v1/shelters/{id}/beds: request application/json removed. Clients send it.',
    ],
    [
      'a new required field in a request',
      (d) => {
        schema(d, 'ChangeBedsBody')['properties'].reason = { type: 'string' };
        schema(d, 'ChangeBedsBody')['required'].push('reason');
      },
      `${body}required: "reason" became required. ${inRequest}`,
    ],
    [
      'a field less in a request',
      (d) => delete schema(d, 'ChangeBedsBody')['properties'].note,
      `${body}properties/note: property removed. ${inRequest}`,
    ],
    [
      'a value less in a request',
      (d) => schema(d, 'ChangeBedsBody')['properties'].note.enum.pop(),
      `${body}properties/note/enum: value "B" removed. ${inRequest}`,
    ],
    [
      'another type in a request',
      (d) => (schema(d, 'ChangeBedsBody')['properties'].note = { type: 'boolean', enum: ['A', 'B'] }),
      `${body}properties/note/type: type "string" removed. ${inRequest}`,
    ],
    [
      'a format in a request',
      (d) => (schema(d, 'ChangeBedsBody')['properties'].note.format = 'date'),
      `${body}properties/note/format: format "date" added. ${inRequest}`,
    ],
    [
      'a narrower bound in a request',
      (d) => (schema(d, 'ChangeBedsBody')['properties'].by.minimum = 0),
      `${body}properties/by/minimum: -100 became 0. ${inRequest}`,
    ],
    [
      'a success less',
      (d) => (command(d)['responses'] = { 202: command(d)['responses'][201] }),
      'POST /v1/shelters/{id}/beds: response 201 removed. Clients wait for it.',
    ],
    [
      'a header less',
      (d) => delete list(d)['responses'][200].headers,
      'GET /v1/shelters: response 200 header ETag removed. Clients read it.',
    ],
    [
      'another type of response',
      (d) => (command(d)['responses'][201].content = { 'text/csv': {} }),
      'POST /v1/shelters/{id}/beds: response 201 application/json removed. Clients read it.',
    ],
    [
      'a field less in a problem',
      (d) => delete schema(d, 'Problem')['properties'].code,
      `GET /v1/shelters: response 403 application/json #/properties/code: property removed. ${inResponse}`,
    ],
  ])('%s', (_, edit, message) => expect(breaksAfter(edit)).toEqual([message]));

  it.each<[string, Edit, string]>([
    [
      'a field less',
      (d) => delete schema(d, 'Shelter')['properties'].beds,
      `${answer}properties/beds: property removed. ${inResponse}`,
    ],
    [
      'a field that may be missing',
      (d) => schema(d, 'Shelter')['required'].pop(),
      `${answer}required: "area" may now be left out. ${inResponse}`,
    ],
    [
      'a value more',
      (d) => schema(d, 'Shelter')['properties'].area.enum.push('EAST'),
      `${answer}properties/area/enum: value "EAST" added. ${inResponse}`,
    ],
    [
      'a type more',
      (d) => (schema(d, 'Shelter')['properties'].beds.type = ['integer', 'null']),
      `${answer}properties/beds/type: type "null" added. ${inResponse}`,
    ],
    [
      'no format any more',
      (d) => delete schema(d, 'Shelter')['properties'].id.format,
      `${answer}properties/id/format: format "uuid" removed. ${inResponse}`,
    ],
    [
      'a wider bound',
      (d) => delete schema(d, 'Shelter')['properties'].beds.minimum,
      `${answer}properties/beds/minimum: 0 became no bound. ${inResponse}`,
    ],
  ])('%s in every response that has it', (_, edit, message) => {
    expect(breaksAfter(edit)).toEqual([
      message.replace(answer, 'GET /v1/shelters: response 200 application/json #/properties/items/items/'),
      message,
    ]);
  });
});
