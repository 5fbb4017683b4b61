import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { isAgencyId, isHash, isJurisdiction, isKind, isShownName } from '@acogida/ledger';
import { type Output, UsageError } from '@acogida/operations';

/** Options that every action takes. */
const SHARED = { json: { type: 'boolean' }, help: { type: 'boolean' } } as const satisfies ParseArgsOptionsConfig;

/** One action of the command: does its work, writes what it did, resolves to the exit code. */
export interface Action {
  readonly help: string;
  run(args: readonly string[], invocation: Invocation): Promise<number>;
}

/** What an action is given. */
export interface Invocation {
  readonly output: Output;
  /** The moment of the call: `2026-11-22T09:00:00.000Z`. */
  readonly now: string;
}

/** Reads the words of an action. @throws UsageError */
export function optionsOf<T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: T,
  allowPositionals = false,
) {
  try {
    return parseArgs({ args: [...args], options: { ...options, ...SHARED }, allowPositionals });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** An option that must be there. @throws UsageError */
export function needed(name: string, value: string | undefined): string {
  if (value !== undefined && value !== '') return value;
  throw new UsageError(`name --${name}`);
}

/** Files of root keys: one or more. @throws UsageError */
export function rootKeyFiles(values: readonly string[] | undefined): readonly string[] {
  if (values !== undefined && values.length > 0) return values;
  throw new UsageError('name --root-key FILE, once for each root that signs here');
}

/** @throws UsageError */
export function agencyIdOption(name: string, value: string | undefined): string {
  if (isAgencyId(value)) return value;
  throw new UsageError(`--${name} takes an agency id: lower-case letters, digits and hyphens, 2 to 40 characters`);
}

/** @throws UsageError */
export function kindOption(value: string | undefined): string {
  if (isKind(value)) return value;
  throw new UsageError('--kind takes the folder of services/ whose program the agency runs: intake');
}

/** @throws UsageError */
export function shownNameOption(name: string, value: string | undefined): string {
  if (isShownName(value)) return value;
  throw new UsageError(`--${name} takes 1 to 120 characters without control characters`);
}

/** Null when it is left out: a regional agency. @throws UsageError */
export function jurisdictionOption(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (isJurisdiction(value)) return value;
  throw new UsageError('--jurisdiction takes an ISO 3166-1 alpha-2 code: CR');
}

/** @throws UsageError */
export function hashOption(name: string, value: string | undefined): string {
  if (isHash(value)) return value;
  throw new UsageError(`--${name} takes 64 lower-case hexadecimal digits`);
}

/** Writes the lines and, where it was asked for, the result as the last line. */
export function report(output: Output, json: boolean | undefined, lines: readonly string[], result: object): void {
  for (const line of lines) output.out(line);
  if (json === true) output.out(JSON.stringify(result));
}
