import { compareSchemas, type ResolveReference, type SchemaChange, type SchemaNode } from './compare-schemas.ts';

/** The part of an OpenAPI 3.1 document that clients depend on. */
export interface OpenapiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: unknown;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: SchemaNode;
}

type Content = Readonly<Record<string, { readonly schema?: SchemaNode }>>;

interface Response {
  readonly content?: Content;
  readonly headers?: Readonly<Record<string, unknown>>;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content?: Content };
  readonly responses?: Readonly<Record<string, Response>>;
  readonly security?: readonly unknown[];
  /** Who may call it; this platform's own extension. */
  readonly 'x-roles'?: readonly string[];
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'] as const;

/** What one operation was and is, and how to say where it is. */
interface Comparison {
  readonly before: Operation;
  readonly after: Operation;
  readonly resolve: { readonly before: ResolveReference; readonly after: ResolveReference };
}

/**
 * What a client written for the released document can no longer rely on, one sentence each; empty when the document only
 * grew. Requests may accept more and responses may say more; never the other way round. The names of path parameters mean
 * nothing, their order does.
 */
export function openapiBreaks(released: OpenapiDocument, current: OpenapiDocument): readonly string[] {
  const now = new Map(Object.entries(current.paths).map(([path, item]) => [shapeOf(path), item]));
  const resolve = { before: referencesOf(released), after: referencesOf(current) };
  return Object.entries(released.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method] !== undefined).flatMap((method) => {
      const name = `${method.toUpperCase()} ${path}`;
      const after = now.get(shapeOf(path))?.[method] as Operation | undefined;
      if (after === undefined) return [`${name}: removed. Put it back; what replaces it stands beside it.`];
      const comparison = { before: item[method] as Operation, after, resolve };
      return [
        ...accessBreaks(comparison),
        ...parameterBreaks(comparison),
        ...bodyBreaks(comparison),
        ...responseBreaks(comparison),
      ].map((sentence) => `${name}: ${sentence}`);
    }),
  );
}

const shapeOf = (path: string): string => path.replaceAll(/\{[^}]*\}/g, '{}');

function referencesOf(document: OpenapiDocument): ResolveReference {
  return (reference) => {
    if (!reference.startsWith('#/')) return undefined;
    let found: unknown = document;
    for (const step of reference.slice(2).split('/')) {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
      found = typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[name] : undefined;
    }
    return found as SchemaNode | undefined;
  };
}

function accessBreaks({ before, after }: Comparison): readonly string[] {
  const isOpen = ({ security }: Operation): boolean => security?.length === 0;
  const kept = new Set(after['x-roles'] ?? []);
  return [
    ...(isOpen(before) && !isOpen(after) ? ['needs a token where it was open to everybody.'] : []),
    ...(isOpen(after) ? [] : (before['x-roles'] ?? []))
      .filter((role) => !kept.has(role))
      .map((role) => `role ${role} removed. Who has it could call this.`),
  ];
}

/** Parameters by what a client writes: header names in any case, path parameters by their place. */
function parametersOf({ parameters = [] }: Operation): ReadonlyMap<string, Parameter> {
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  return new Map(
    parameters.map((parameter) => {
      if (parameter.in === 'path') return [`path ${inPath.indexOf(parameter) + 1}`, parameter];
      const name = parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name;
      return [`${parameter.in} ${name}`, parameter];
    }),
  );
}

function parameterBreaks({ before, after, resolve }: Comparison): readonly string[] {
  const [old, now] = [parametersOf(before), parametersOf(after)];
  const lost = [...old].flatMap(([key, parameter]): readonly string[] => {
    const place = `${parameter.in} parameter ${parameter.name}`;
    const kept = now.get(key);
    if (kept === undefined) return [`${place} removed. Clients send it.`];
    const becameRequired = kept.required === true && parameter.required !== true;
    return [
      ...(becameRequired ? [`${place} became required. Clients leave it out.`] : []),
      ...requestBreaks(place, compareSchemas(parameter.schema ?? true, kept.schema ?? true, resolve)),
    ];
  });
  const demanded = [...now]
    .filter(([key, parameter]) => !old.has(key) && parameter.required === true)
    .map(([, parameter]) => `${parameter.in} parameter ${parameter.name} added as required. Clients do not know it.`);
  return [...lost, ...demanded];
}

function bodyBreaks({ before, after, resolve }: Comparison): readonly string[] {
  const [old, now] = [before.requestBody, after.requestBody];
  if (old === undefined) return now?.required === true ? ['a body added as required. Clients send none.'] : [];
  if (now === undefined) return ['body removed. Clients send one.'];
  return [
    ...(now.required === true && old.required !== true ? ['the body became required. Clients leave it out.'] : []),
    ...Object.entries(old.content ?? {}).flatMap(([mediaType, { schema }]) => {
      const kept = now.content?.[mediaType];
      if (kept === undefined) return [`request ${mediaType} removed. Clients send it.`];
      return requestBreaks(`request ${mediaType}`, compareSchemas(schema ?? true, kept.schema ?? true, resolve));
    }),
  ];
}

function responseBreaks({ before, after, resolve }: Comparison): readonly string[] {
  return Object.entries(before.responses ?? {}).flatMap(([status, old]): readonly string[] => {
    const now = after.responses?.[status];
    if (now === undefined) {
      // A client is glad about a problem less.
      return status.startsWith('2') ? [`response ${status} removed. Clients wait for it.`] : [];
    }
    const kept = new Set(Object.keys(now.headers ?? {}).map((name) => name.toLowerCase()));
    const lostHeaders = Object.keys(old.headers ?? {}).filter((name) => !kept.has(name.toLowerCase()));
    return [
      ...lostHeaders.map((name) => `response ${status} header ${name} removed. Clients read it.`),
      ...Object.entries(old.content ?? {}).flatMap(([mediaType, { schema }]) => {
        const place = `response ${status} ${mediaType}`;
        const found = now.content?.[mediaType];
        if (found === undefined) return [`${place} removed. Clients read it.`];
        return answerBreaks(place, compareSchemas(schema ?? true, found.schema ?? true, resolve));
      }),
    ];
  });
}

const sentence = (place: string, { pointer, change }: SchemaChange, why: string): string =>
  `${place} ${pointer}: ${change}. ${why}`;

/** A new property alone is no demand; where it is required, that is a change of its own. */
function requestBreaks(place: string, changes: readonly SchemaChange[]): readonly string[] {
  return changes
    .filter(({ effect, kind }) => effect !== 'WIDENS' && kind !== 'property-added')
    .map((change) => sentence(place, change, 'Requests that were accepted may be refused.'));
}

function answerBreaks(place: string, changes: readonly SchemaChange[]): readonly string[] {
  return changes
    .filter(({ effect, kind }) => kind === 'property-removed' || (effect !== 'NARROWS' && kind !== 'property-added'))
    .map((change) => sentence(place, change, 'Clients read what was promised.'));
}
