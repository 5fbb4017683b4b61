import { createHash } from 'node:crypto';

/**
 * UUID version 5 (RFC 9562) of `parts`, written as JSON. For ids that follow from what a thing is about: asking for it twice
 * then meets in one stream, where the decider sees the first, and neither a lock nor an index is needed.
 *
 * @param namespace a UUID of the kind of thing; one per kind, never changed
 * @param parts at least one random id among them, so that the result says nothing without it; ids in lower case
 */
export function nameBasedId(namespace: string, parts: readonly (string | number)[]): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(JSON.stringify(parts));
  const bytes = hash.digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
