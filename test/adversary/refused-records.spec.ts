import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LogRecord, parseEnvelope, PATH_HEADER, STATEMENT_HEADER } from '@acogida/event-log';
import { eventually } from '@acogida/testing';
import { AdversaryBench, INTAKE, REFUGEE_UNIT } from './adversary-bench.ts';
import {
  signedBy,
  standingAlone,
  statementOf,
  strangersKey,
  transplanted,
  underNewId,
  withHeaders,
  withValue,
} from './forged-records.ts';

// Whoever reaches the broker, but has no key of the agency that he speaks for.

/** What is made of a genuine record that the victim has not seen; `earlier` is one that it has. */
interface Attack {
  readonly name: string;
  readonly reason: string;
  readonly topic?: string;
  make(record: LogRecord, bench: AdversaryBench, earlier: LogRecord): LogRecord;
}

const ATTACKS: readonly Attack[] = [
  {
    name: 'forged: an event of one’s own under the agency’s key name',
    reason: 'STATEMENT_REFUSED',
    make: (record) => standingAlone(strangersKey(), record, underNewId(record)),
  },
  {
    name: 'forged: under a key that nobody knows',
    reason: 'UNKNOWN_SIGNING_KEY',
    make: (record) => signedBy(strangersKey(), record, { keyId: `${INTAKE}-9` }),
  },
  {
    name: 'wrong signer: another agency of the network signs for it with its own key',
    reason: 'UNKNOWN_SIGNING_KEY',
    make: (record, { network }) => signedBy(network.signingKeyOf(REFUGEE_UNIT), record, { keyId: `${REFUGEE_UNIT}-1` }),
  },
  {
    name: 'wrong signer: another agency signs under the key name of this one',
    reason: 'STATEMENT_REFUSED',
    make: (record, { network }) => signedBy(network.signingKeyOf(REFUGEE_UNIT), record),
  },
  {
    name: 'wrong signer: the statement says that it is of another agency',
    reason: 'FOREIGN_SOURCE',
    make: (record, { network }) => signedBy(network.signingKeyOf(INTAKE), record, { agency: REFUGEE_UNIT }),
  },
  {
    name: 'transplanted: the genuine record in the topic of another agency',
    reason: 'FOREIGN_SOURCE',
    topic: REFUGEE_UNIT,
    make: (record) => record,
  },
  {
    name: 'transplanted: in the topic of another agency, under its name',
    reason: 'UNKNOWN_SIGNING_KEY',
    topic: REFUGEE_UNIT,
    make: (record) => transplanted(record, { source: REFUGEE_UNIT }),
  },
  {
    name: 'transplanted: to the subject of another case',
    reason: 'PATH_REFUSED',
    make: (record, _, earlier) => transplanted(record, { subject: parseEnvelope(earlier.value).subject }),
  },
  {
    name: 'transplanted: under another event id',
    reason: 'PATH_REFUSED',
    make: (record, _, earlier) => transplanted(record, { id: parseEnvelope(earlier.value).id }),
  },
  {
    name: 'transplanted: under another key id',
    reason: 'PATH_REFUSED',
    make: (record) => transplanted(record, { keyId: 'another-key' }),
  },
  {
    name: 'transplanted: the sealed content of another event',
    reason: 'PATH_REFUSED',
    make: (record, _, earlier) => transplanted(record, { data: parseEnvelope(earlier.value).data }),
  },
  {
    name: 'transplanted: to another time',
    reason: 'PATH_REFUSED',
    make: (record) => transplanted(record, { time: '2020-01-01T00:00:00.000Z' }),
  },
  {
    name: 'transplanted: to another class',
    reason: 'PATH_REFUSED',
    make: (record) => transplanted(record, { class: 'hold' }),
  },
  {
    name: 'replayed under the next number, with the statement of the first time',
    reason: 'NUMBER_OUTSIDE_STATEMENT',
    make: (record, _, earlier) => transplanted(earlier, { number: parseEnvelope(record.value).number }),
  },
  {
    name: 'replayed with the statement of the next number',
    reason: 'PATH_REFUSED',
    make: (record, _, earlier) =>
      withHeaders(transplanted(earlier, { number: parseEnvelope(record.value).number }), record.headers),
  },
  {
    name: 'truncated: the text ends early',
    reason: 'ENVELOPE_REFUSED',
    make: (record) => withValue(record, record.value.slice(0, -20)),
  },
  {
    name: 'truncated: the sealed content ends early',
    reason: 'PATH_REFUSED',
    make: (record) => transplanted(record, { data: parseEnvelope(record.value).data.slice(0, -8) }),
  },
  {
    name: 'truncated: without its statement',
    reason: 'STATEMENT_MISSING',
    make: (record) => withHeaders(record, { [STATEMENT_HEADER]: undefined }),
  },
  {
    name: 'truncated: the statement ends early',
    reason: 'STATEMENT_REFUSED',
    make: (record) =>
      withHeaders(record, { [STATEMENT_HEADER]: (record.headers[STATEMENT_HEADER] ?? '').slice(0, -10) }),
  },
  {
    name: 'truncated: the path is cut off, where the statement is over two events',
    reason: 'PATH_REFUSED',
    make: (record, { network }) =>
      withHeaders(signedBy(network.signingKeyOf(INTAKE), record, { last: statementOf(record).last + 1 }), {
        [PATH_HEADER]: undefined,
      }),
  },
  {
    name: 're-serialised: the same members in another order',
    reason: 'ENVELOPE_REFUSED',
    make: (record) =>
      withValue(
        record,
        JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(record.value) as object).reverse())),
      ),
  },
  {
    name: 're-serialised: with a space',
    reason: 'ENVELOPE_REFUSED',
    make: (record) => withValue(record, record.value.replace('{', '{ ')),
  },
  {
    name: 're-serialised: with one more attribute',
    reason: 'ENVELOPE_REFUSED',
    make: (record) => withValue(record, record.value.replace('{', '{"added":"1",')),
  },
];

let bench: AdversaryBench;
let earlier: LogRecord;

beforeAll(async () => {
  bench = await AdversaryBench.start();
  const { id, records } = await bench.refer();
  await bench.deliver(INTAKE, records);
  await bench.isShown(id);
  earlier = records[0]!;
});
afterAll(() => bench?.stop());

describe('a record that nobody stands for', () => {
  it.each(ATTACKS)('$name: $reason, 0 effects, and the node goes on', async ({ reason, topic = INTAKE, make }) => {
    const { id, records } = await bench.refer();
    const before = await seen(topic);
    await bench.deliver(topic, [make(records[0]!, bench, earlier)]);
    await bench.consumed();
    const [kept, after] = [await bench.newlyKept(), await seen(topic)];
    await bench.deliver(INTAKE, records);
    await bench.isShown(id);

    expect(kept).toEqual([{ source: topic, kind: 'unverifiable', reason, detail: null }]);
    expect(after).toEqual(before);
    expect(await bench.newlyKept()).toEqual([]);
  });

  it('is kept once, however often it comes', async () => {
    const { id, records } = await bench.refer();
    const forged = standingAlone(strangersKey(), records[0]!, underNewId(records[0]!));
    await bench.deliver(INTAKE, [forged, forged]);
    await bench.deliver(INTAKE, [forged, ...records]);
    await bench.isShown(id);
    await bench.consumed();
    expect(await bench.newlyKept()).toEqual([
      { source: INTAKE, kind: 'unverifiable', reason: 'STATEMENT_REFUSED', detail: null },
    ]);
  });
});

describe('a genuine record at another time', () => {
  it('replayed as it was: nothing happens, and nothing is to be told', async () => {
    const before = await bench.dump();
    await bench.deliver(INTAKE, [earlier, earlier]);
    await bench.consumed();
    expect(await bench.newlyKept()).toEqual([]);
    expect(await bench.dump()).toEqual(before);
  });

  it('re-ordered: what comes after a gap waits for it, and takes effect in order', async () => {
    const [first, second] = [await bench.refer(), await bench.refer()];
    const before = await bench.dump();
    const { number } = parseEnvelope(first.records[0]!.value);
    await bench.deliver(INTAKE, second.records);
    await expectStanding({ status: 'gap', reason: `GAP expected ${number}, found ${number + 1}` });
    expect(await bench.dump()).toEqual(before);

    await bench.deliver(INTAKE, first.records);
    await bench.isShown(second.id);
    await bench.isShown(first.id);
    await expectStanding({ status: 'flowing', reason: null, lastNumber: number + 1 });
    expect(await bench.newlyKept()).toEqual([]);
  });
});

/** What an effect of a record in the topic could have changed. */
async function seen(topic: string): Promise<unknown> {
  return { rows: await bench.dump(), lastNumber: (await bench.standing(topic))?.lastNumber ?? 0 };
}

async function expectStanding(expected: object): Promise<void> {
  await eventually(async () => expect(await bench.standing(INTAKE)).toMatchObject(expected));
}
