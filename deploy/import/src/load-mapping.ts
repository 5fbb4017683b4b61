import { readFile } from 'node:fs/promises';
import { findIndicator } from '@acogida/reference';
import { Ajv, type ErrorObject } from 'ajv';
import type { Mapping, MappedIndicator } from './mapping.ts';
import { MAPPING_SCHEMA } from './mapping-schema.ts';

/** The mapping cannot be used; `problems` lists everything that is wrong with it. */
export class MappingInvalidError extends Error {
  override readonly name = 'MappingInvalidError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the mapping has ${problems.length} problem(s)`);
    this.problems = problems;
  }
}

const validate = new Ajv({ allErrors: true, allowUnionTypes: true, strictRequired: false }).compile(MAPPING_SCHEMA);

function describe(error: ErrorObject): string {
  const at = error.instancePath === '' ? '/' : error.instancePath;
  if (error.keyword === 'enum') return `${at} must be one of ${(error.params['allowedValues'] as string[]).join(', ')}`;
  if (error.keyword === 'const') return `${at} must be ${JSON.stringify(error.params['allowedValue'])}`;
  if (error.keyword === 'additionalProperties') {
    return `${at} has the unknown key ${JSON.stringify(error.params['additionalProperty'])}`;
  }
  return `${at} ${error.message ?? 'is not valid'}`;
}

/** Everything in the mapping that names a column, with its place. */
function* columnUses(value: unknown, at: string): Generator<{ at: string; column: string }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === 'column' && typeof child === 'string') yield { at, column: child };
    else if (key !== 'codes' && key !== 'bands') yield* columnUses(child, `${at}/${key}`);
  }
}

function indicatorsOf(mapping: Mapping): { at: string; indicator: MappedIndicator }[] {
  return (mapping.trafficking?.indicators ?? []).flatMap((field, index) => {
    const at = `/trafficking/indicators/${index}`;
    const lists =
      'value' in field
        ? [field.value]
        : [...Object.values(field.codes), ...(field.unknownCodes === 'reject' ? [] : [field.unknownCodes.as])];
    return lists.flat().map((indicator) => ({ at, indicator }));
  });
}

function crossChecks(mapping: Mapping): string[] {
  const unknownColumns = [...columnUses(mapping, '')].filter(({ column }) => !mapping.columns.includes(column));
  const unknownIndicators = indicatorsOf(mapping).filter(
    ({ indicator }) => !findIndicator(indicator.dimension, indicator.code),
  );
  return [
    ...unknownColumns.map(({ at, column }) => `${at} names the column ${JSON.stringify(column)}, which /columns lacks`),
    ...unknownIndicators.map(
      ({ at, indicator }) => `${at} names ${indicator.dimension}.${indicator.code}, no known indicator`,
    ),
  ];
}

/** Checks a mapping. @throws MappingInvalidError with all problems */
export function checkMapping(value: unknown): Mapping {
  if (!validate(value)) {
    const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if' && keyword !== 'anyOf');
    throw new MappingInvalidError([...new Set(errors.map(describe))]);
  }
  const mapping = value as Mapping;
  const problems = crossChecks(mapping);
  if (problems.length > 0) throw new MappingInvalidError(problems);
  return mapping;
}

/** Reads and checks a mapping file. @throws MappingInvalidError */
export async function loadMapping(path: string): Promise<Mapping> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new MappingInvalidError([error instanceof SyntaxError ? 'the file is not JSON' : 'the file cannot be read']);
  }
  return checkMapping(value);
}
