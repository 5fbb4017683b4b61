import { describe, expect, it } from '@jest/globals';
import { leafHash } from '@acogida/ledger';
import { type PositionedRecord, topicOf } from './port.ts';
import { readAgain } from './sealed-records.ts';

const SOURCE = 'cr-border-intake';
const PAGE = 100;

/** A topic of which record n holds the text n, and from where it was read. */
function topicWith(length: number): {
  readFrom: bigint[];
  pages: number[];
  read: (topic: string, from: bigint) => AsyncIterable<readonly PositionedRecord[]>;
} {
  const readFrom: bigint[] = [];
  const pages: number[] = [];
  return {
    readFrom,
    pages,
    async *read(topic, from) {
      readFrom.push(from);
      for (let start = Number(from); start < length; start += PAGE) {
        pages.push(start);
        const count = Math.min(PAGE, length - start);
        yield Array.from({ length: count }, (_, index) => {
          const at = start + index;
          return { topic, position: BigInt(at), value: String(at), headers: { place: String(at) } };
        });
      }
    },
  };
}

function event(position: number, at: bigint | null = BigInt(position)): Parameters<typeof readAgain>[2][number] {
  return { number: position + 1, leaf: leafHash(String(position)), position: at };
}

async function again(...asked: Parameters<typeof readAgain>): Promise<unknown[]> {
  return [...(await readAgain(...asked)).values()];
}

describe('reading events again from the log', () => {
  it('begins at the first, ends with the last, and gives the records as they were', async () => {
    const topic = topicWith(1_000);
    const events = [event(210), event(250), event(420)];
    expect(await again(topic, SOURCE, events)).toEqual(
      [210, 250, 420].map((at) => ({ value: String(at), headers: { place: String(at) } })),
    );
    expect(topic.readFrom).toEqual([210n]);
    expect(topic.pages).toEqual([210, 310, 410]);
  });

  it('jumps over what lies far between', async () => {
    const topic = topicWith(20_000);
    expect(await again(topic, SOURCE, [event(10), event(18_000)])).toHaveLength(2);
    expect(topic.readFrom).toEqual([10n, 18_000n]);
    expect(topic.pages).toEqual([10, 18_000]);
  });

  it('begins at the number where no position is known', async () => {
    const topic = topicWith(500);
    expect(await again(topic, SOURCE, [event(300, null)])).toHaveLength(1);
    expect(topic.readFrom).toEqual([300n]);
  });

  it('looks from the number on for what does not stand where it stood', async () => {
    const topic = topicWith(500);
    expect(await again(topic, SOURCE, [event(100, 480n), event(490)])).toHaveLength(2);
    expect(topic.readFrom).toEqual([480n, 100n]);
  });

  it('tells them apart by their leaves', async () => {
    const found = await readAgain(topicWith(50), SOURCE, [event(20), event(7)]);
    expect(found.get(event(7).leaf)).toEqual({ value: '7', headers: { place: '7' } });
    expect(found.get(event(20).leaf)).toEqual({ value: '20', headers: { place: '20' } });
  });

  it('gives fewer where the log lacks one, and reads nothing for nothing', async () => {
    const topic = topicWith(50);
    expect(await again(topic, SOURCE, [event(70), event(20)])).toEqual([{ value: '20', headers: { place: '20' } }]);
    expect(
      await again(
        {
          read: () => {
            throw new Error(topicOf(SOURCE));
          },
        },
        SOURCE,
        [],
      ),
    ).toEqual([]);
  });
});
