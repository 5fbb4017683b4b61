/** A JSON Schema, or any part of one, as it stands in a document. */
export type SchemaNode = boolean | Readonly<Record<string, unknown>>;

/**
 * What a change does to the set of valid instances. `NARROWS` refuses some that were valid, `WIDENS` takes some that were
 * refused, `UNKNOWN` cannot be told from the schema alone and counts as both.
 */
export type SchemaEffect = 'NARROWS' | 'WIDENS' | 'UNKNOWN';

/** One difference between two versions of a schema. Annotations are none. */
export interface SchemaChange {
  /** JSON pointer (RFC 6901) to the keyword, as fragment: `#/properties/urgency/enum`. */
  readonly pointer: string;
  /** `value "ROUTINE" removed` */
  readonly change: string;
  readonly effect: SchemaEffect;
  /** Property added or removed; `rule` is any other. */
  readonly kind: 'property-added' | 'property-removed' | 'rule';
}

/** Finds the schema that a `$ref` means; undefined when it means nothing. */
export type ResolveReference = (reference: string) => SchemaNode | undefined;

type Keywords = Readonly<Record<string, unknown>>;

/** Where the two schemas come from: their references mean different things. */
interface Sides {
  readonly before: ResolveReference;
  readonly after: ResolveReference;
  /** Pairs of references under comparison, so that recursive schemas end. */
  readonly open: ReadonlySet<string>;
}

const ANNOTATIONS: ReadonlySet<string> = new Set([
  ...['title', 'description', 'examples', 'example', '$comment', 'deprecated', 'default', '$schema', '$id'],
]);
const LOWER_BOUNDS: ReadonlySet<string> = new Set([
  ...['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties', 'minContains'],
]);
const UPPER_BOUNDS: ReadonlySet<string> = new Set([
  ...['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties', 'maxContains'],
]);
const SUBSCHEMAS: ReadonlySet<string> = new Set(['items', 'additionalProperties', 'contains', 'propertyNames']);
const ALTERNATIVES: ReadonlySet<string> = new Set(['anyOf', 'oneOf']);

const NOWHERE: ResolveReference = () => undefined;

/**
 * Compares two versions of a schema keyword by keyword. The order of `enum`, `required` and `type` means nothing, and
 * neither do annotations (JSON Schema 2020-12, Validation §9).
 *
 * @param resolve what `$ref` means in each of the two documents; needed only where they occur
 */
export function compareSchemas(
  before: SchemaNode,
  after: SchemaNode,
  resolve: { readonly before?: ResolveReference; readonly after?: ResolveReference } = {},
): readonly SchemaChange[] {
  return nodes('#', before, after, {
    before: resolve.before ?? NOWHERE,
    after: resolve.after ?? NOWHERE,
    open: new Set(),
  });
}

function rule(pointer: string, change: string, effect: SchemaEffect): SchemaChange {
  return { pointer, change, effect, kind: 'rule' };
}

function nodes(pointer: string, before: SchemaNode, after: SchemaNode, sides: Sides): readonly SchemaChange[] {
  const pair = `${referenceOf(before) ?? ''} ${referenceOf(after) ?? ''}`;
  if (pair !== ' ' && sides.open.has(pair)) return [];
  const inner = pair === ' ' ? sides : { ...sides, open: new Set([...sides.open, pair]) };
  const old = resolved(before, sides.before);
  const now = resolved(after, sides.after);
  if (old === undefined || now === undefined) {
    return [rule(`${pointer}/$ref`, 'a reference means nothing', 'UNKNOWN')];
  }
  if (typeof old === 'boolean' && typeof now === 'boolean') {
    if (old === now) return [];
    return [rule(pointer, `${old} became ${now}`, now ? 'WIDENS' : 'NARROWS')];
  }
  // true and {} mean the same; false is what nothing satisfies
  if (old === false) return [rule(pointer, 'allowed where it was forbidden', 'WIDENS')];
  if (now === false) return [rule(pointer, 'forbidden', 'NARROWS')];
  return keywords(pointer, old === true ? {} : old, now === true ? {} : now, inner);
}

function referenceOf(node: SchemaNode): string | undefined {
  return typeof node === 'object' && typeof node['$ref'] === 'string' ? node['$ref'] : undefined;
}

function resolved(node: SchemaNode, resolve: ResolveReference): SchemaNode | undefined {
  const seen = new Set<string>();
  let found: SchemaNode | undefined = node;
  for (let reference = referenceOf(node); reference !== undefined;) {
    if (seen.has(reference)) return undefined;
    seen.add(reference);
    found = resolve(reference);
    reference = found === undefined ? undefined : referenceOf(found);
  }
  return found;
}

function keywords(pointer: string, before: Keywords, after: Keywords, sides: Sides): readonly SchemaChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !ANNOTATIONS.has(name));
  return names.flatMap((name) => {
    const old = before[name];
    const now = after[name];
    const at = `${pointer}/${name}`;
    if (name === 'properties') return properties(at, old, now, before, sides);
    if (name === 'enum' || name === 'type') return choices(at, name, old, now);
    if (name === 'required') return required(at, old, now);
    if (LOWER_BOUNDS.has(name) || UPPER_BOUNDS.has(name)) return bound(at, old, now, LOWER_BOUNDS.has(name));
    if (SUBSCHEMAS.has(name)) return nodes(at, (old ?? true) as SchemaNode, (now ?? true) as SchemaNode, sides);
    if (name === 'allOf' || ALTERNATIVES.has(name)) return combined(at, name, old, now, sides);
    return value(at, name, old, now);
  });
}

function properties(
  pointer: string,
  before: unknown,
  after: unknown,
  parent: Keywords,
  sides: Sides,
): readonly SchemaChange[] {
  const old = (before ?? {}) as Readonly<Record<string, SchemaNode>>;
  const now = (after ?? {}) as Readonly<Record<string, SchemaNode>>;
  const closed = parent['additionalProperties'] === false;
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((name): readonly SchemaChange[] => {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const [was, is] = [old[name], now[name]];
    if (was === undefined) {
      return [{ pointer: at, change: 'property added', effect: closed ? 'WIDENS' : 'UNKNOWN', kind: 'property-added' }];
    }
    if (is === undefined) {
      return [
        { pointer: at, change: 'property removed', effect: closed ? 'NARROWS' : 'UNKNOWN', kind: 'property-removed' },
      ];
    }
    return nodes(at, was, is, sides);
  });
}

const spelled = (values: readonly unknown[]): string => values.map((one) => JSON.stringify(one)).join(', ');

function without(values: readonly unknown[], others: readonly unknown[]): readonly unknown[] {
  const known = new Set(others.map((other) => canonical(other)));
  return values.filter((one) => !known.has(canonical(one)));
}

/** Any number is meant where `number` stands, whole ones too. */
function listOf(keyword: string, given: unknown): readonly unknown[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  return keyword === 'type' && list.includes('number') ? [...new Set([...list, 'integer'])] : list;
}

function choices(pointer: string, keyword: string, before: unknown, after: unknown): readonly SchemaChange[] {
  if (before === undefined) return [rule(pointer, `${keyword} added`, 'NARROWS')];
  if (after === undefined) return [rule(pointer, `${keyword} removed`, 'WIDENS')];
  const [old, now] = [listOf(keyword, before), listOf(keyword, after)];
  const word = keyword === 'enum' ? 'value' : 'type';
  const removed = without(old, now);
  const added = without(now, old);
  return [
    ...(removed.length === 0 ? [] : [rule(pointer, `${word} ${spelled(removed)} removed`, 'NARROWS')]),
    ...(added.length === 0 ? [] : [rule(pointer, `${word} ${spelled(added)} added`, 'WIDENS')]),
  ];
}

function required(pointer: string, before: unknown, after: unknown): readonly SchemaChange[] {
  const [old, now] = [(before ?? []) as readonly unknown[], (after ?? []) as readonly unknown[]];
  return [
    ...without(now, old).map((name) => rule(pointer, `${spelled([name])} became required`, 'NARROWS')),
    ...without(old, now).map((name) => rule(pointer, `${spelled([name])} may now be left out`, 'WIDENS')),
  ];
}

function bound(pointer: string, before: unknown, after: unknown, isLower: boolean): readonly SchemaChange[] {
  if (before === after) return [];
  const change = `${spelledOr(before, 'no bound')} became ${spelledOr(after, 'no bound')}`;
  const open = isLower ? -Infinity : Infinity;
  const raised = ((after ?? open) as number) > ((before ?? open) as number);
  return [rule(pointer, change, raised === isLower ? 'NARROWS' : 'WIDENS')];
}

function spelledOr(given: unknown, absent: string): string {
  return given === undefined ? absent : spelled([given]);
}

/** `anyOf` and `oneOf` list alternatives, `allOf` conditions: one more widens the former and narrows the latter. */
function combined(
  pointer: string,
  keyword: string,
  before: unknown,
  after: unknown,
  sides: Sides,
): readonly SchemaChange[] {
  const [old, now] = [(before ?? []) as readonly SchemaNode[], (after ?? []) as readonly SchemaNode[]];
  const same = (one: SchemaNode, other: SchemaNode): boolean => nodes(pointer, one, other, sides).length === 0;
  const removed = old.filter((one) => !now.some((other) => same(one, other)));
  const added = now.filter((one) => !old.some((other) => same(other, one)));
  const [was, is] = [removed[0], added[0]];
  if (removed.length === 1 && added.length === 1 && was !== undefined && is !== undefined) {
    return nodes(`${pointer}/${old.indexOf(was)}`, was, is, sides);
  }
  if (before === undefined) return [rule(pointer, `${keyword} added`, 'NARROWS')];
  if (after === undefined) return [rule(pointer, `${keyword} removed`, 'WIDENS')];
  const adding: SchemaEffect = keyword === 'allOf' ? 'NARROWS' : keyword === 'anyOf' ? 'WIDENS' : 'UNKNOWN';
  const removing: SchemaEffect = keyword === 'allOf' ? 'WIDENS' : keyword === 'anyOf' ? 'NARROWS' : 'UNKNOWN';
  return [
    ...removed.map((one) => rule(`${pointer}/${old.indexOf(one)}`, 'alternative or condition removed', removing)),
    ...added.map((one) => rule(`${pointer}/${now.indexOf(one)}`, 'alternative or condition added', adding)),
  ];
}

/** Any other keyword: it is the same, or nobody can say. A `false` for `uniqueItems` says as much as its absence. */
function value(pointer: string, keyword: string, before: unknown, after: unknown): readonly SchemaChange[] {
  const [old, now] = keyword === 'uniqueItems' ? [before || undefined, after || undefined] : [before, after];
  if (canonical(old) === canonical(now)) return [];
  if (old === undefined) return [rule(pointer, `${keyword} ${spelled([now])} added`, 'NARROWS')];
  if (now === undefined) return [rule(pointer, `${keyword} ${spelled([old])} removed`, 'WIDENS')];
  return [rule(pointer, `${spelled([old])} became ${spelled([now])}`, 'UNKNOWN')];
}

/** One spelling for equal values, whatever the order of their keys. */
function canonical(given: unknown): string {
  return (
    JSON.stringify(given, (_, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
        : inner,
    ) ?? ''
  );
}
