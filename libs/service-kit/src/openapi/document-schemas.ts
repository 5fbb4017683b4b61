// @ts-expect-error TS7016: class-transformer exposes its storage without types
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import type { OpenAPIObject } from '@nestjs/swagger';

/** A schema object of the document. */
export type Schema = Record<string, unknown>;

/** Where schemas stand in the document. */
export const SCHEMA_PREFIX = '#/components/schemas/';

/** The schemas of all classes with class-validator decorators, by class name. */
export function validatedSchemas(): Record<string, Schema> {
  return validationMetadatasToSchemas({
    classTransformerMetadataStorage: defaultMetadataStorage as NonNullable<
      NonNullable<Parameters<typeof validationMetadatasToSchemas>[0]>['classTransformerMetadataStorage']
    >,
    refPointerPrefix: SCHEMA_PREFIX,
  }) as Record<string, Schema>;
}

function collectReferences(value: unknown, found: Set<string>): void {
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref' && typeof inner === 'string' && inner.startsWith(SCHEMA_PREFIX)) {
      found.add(inner.slice(SCHEMA_PREFIX.length));
    } else collectReferences(inner, found);
  }
}

/**
 * The schemas that the document refers to, directly or through each other. Those of class-validator go before the empty
 * ones that Nest makes of classes it knows nothing about.
 */
export function referencedSchemas(
  document: OpenAPIObject,
  validated: Readonly<Record<string, Schema>>,
): Record<string, Schema> {
  const known: Record<string, unknown> = { ...document.components?.schemas, ...validated };
  const names = new Set<string>();
  collectReferences({ ...document, components: { ...document.components, schemas: {} } }, names);
  for (const name of names) collectReferences(known[name], names); // a Set grows while it is walked
  return Object.fromEntries([...names].sort().map((name) => [name, (known[name] ?? { type: 'object' }) as Schema]));
}
