/**
 * Arrays as parameters in PostgreSQL's binary format (`array_recv`): several times cheaper than array literals, which quote
 * every element here and are read character by character there. `pg` sends a Buffer as a binary parameter.
 */
const BYTEA_OID = 17;
const TEXT_OID = 25;
const INT4_OID = 23;
const UUID_OID = 2950;
const HEADER_BYTES = 20;
const NULL_LENGTH = -1;
const UUID_BYTES = 16;

/** Header of a one-dimensional array that starts at 1; an empty array has no dimension. */
function arrayOf(elementOid: number, length: number, hasNull: boolean, elementBytes: number): Buffer {
  if (length === 0) {
    const empty = Buffer.alloc(12);
    empty.writeInt32BE(elementOid, 8);
    return empty;
  }
  const array = Buffer.allocUnsafe(HEADER_BYTES + elementBytes);
  array.writeInt32BE(1, 0);
  array.writeInt32BE(hasNull ? 1 : 0, 4);
  array.writeInt32BE(elementOid, 8);
  array.writeInt32BE(length, 12);
  array.writeInt32BE(1, 16);
  return array;
}

/** Where texts are written before it is known how long they are: counting first would read each of them twice. */
const desk = Buffer.allocUnsafeSlow(512 * 1024);
const MAX_BYTES_PER_UNIT = 3;

/** With room for so many bytes behind those that are used. */
function roomierThan(written: Buffer, used: number, bytes: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(written.length * 2, used + bytes));
  written.copy(larger, 0, 0, used);
  return larger;
}

/** For `$n::text[]`. */
export function textArray(values: readonly (string | null)[]): Buffer {
  let hasNull = false;
  let written: Buffer = desk;
  let end = HEADER_BYTES;
  for (const value of values) {
    const bytes = 4 + (value?.length ?? 0) * MAX_BYTES_PER_UNIT;
    if (end + bytes > written.length) written = roomierThan(written, end, bytes);
    const length = value === null ? NULL_LENGTH : written.write(value, end + 4, 'utf8');
    if (value === null) hasNull = true;
    written.writeInt32BE(length, end);
    end += 4 + Math.max(0, length);
  }
  const array = arrayOf(TEXT_OID, values.length, hasNull, end - HEADER_BYTES);
  written.copy(array, HEADER_BYTES, HEADER_BYTES, end);
  return array;
}

/** For `$n::bytea[]`. */
export function bytesArray(values: readonly (Uint8Array | null)[]): Buffer {
  let bytes = 0;
  for (const value of values) bytes += 4 + (value?.length ?? 0);
  const array = arrayOf(BYTEA_OID, values.length, values.includes(null), bytes);
  let offset = HEADER_BYTES;
  for (const value of values) {
    offset = array.writeInt32BE(value === null ? NULL_LENGTH : value.length, offset);
    if (value === null) continue;
    array.set(value, offset);
    offset += value.length;
  }
  return array;
}

/** For `$n::int[]`. */
export function intArray(values: readonly (number | null)[]): Buffer {
  const nulls = values.filter((value) => value === null).length;
  const array = arrayOf(INT4_OID, values.length, nulls > 0, values.length * 8 - nulls * 4);
  let offset = HEADER_BYTES;
  for (const value of values) {
    array.writeInt32BE(value === null ? NULL_LENGTH : 4, offset);
    offset += 4;
    if (value !== null) offset = array.writeInt32BE(value, offset);
  }
  return array;
}

/** For `$n::uuid[]`. @throws RangeError one of them is no UUID in hexadecimal with hyphens */
export function uuidArray(values: readonly string[]): Buffer {
  const array = arrayOf(UUID_OID, values.length, false, values.length * (4 + UUID_BYTES));
  let offset = HEADER_BYTES;
  for (const value of values) {
    array.writeInt32BE(UUID_BYTES, offset);
    const written = array.write(value.replaceAll('-', ''), offset + 4, 'hex');
    if (written !== UUID_BYTES || value.length !== 36) throw new RangeError('not a UUID');
    offset += 4 + UUID_BYTES;
  }
  return array;
}
