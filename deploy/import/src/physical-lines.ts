/** A line of the file as it stands on disk, without its line end. */
export interface PhysicalLine {
  /** 1 for the first line of the file. */
  readonly number: number;
  /** The line; only its beginning when it is longer than the limit. */
  readonly bytes: Buffer;
  /** True when the line is longer than the limit and was cut. */
  readonly cut: boolean;
  /** Bytes of the file up to the end of this line. */
  readonly endOffset: number;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Collects the chunks of one line and forgets what goes beyond the limit. */
class LineBuffer {
  #parts: Buffer[] = [];
  #keptBytes = 0;
  #cut = false;
  readonly #limitBytes: number;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  add(part: Buffer): void {
    const room = this.#limitBytes - this.#keptBytes;
    if (part.length > room) this.#cut = true;
    if (room <= 0 || part.length === 0) return;
    this.#parts.push(part.subarray(0, room));
    this.#keptBytes += Math.min(part.length, room);
  }

  get isEmpty(): boolean {
    return this.#keptBytes === 0 && !this.#cut;
  }

  take(): { bytes: Buffer; cut: boolean } {
    const whole = Buffer.concat(this.#parts);
    const taken = {
      bytes: whole.at(-1) === CARRIAGE_RETURN && !this.#cut ? whole.subarray(0, -1) : whole,
      cut: this.#cut,
    };
    this.#parts = [];
    this.#keptBytes = 0;
    this.#cut = false;
    return taken;
  }
}

/**
 * Splits a byte stream into lines. Memory stays bounded by the limit, whatever the file holds. A byte order mark at the
 * beginning is dropped.
 */
export async function* physicalLines(chunks: AsyncIterable<Buffer>, limitBytes: number): AsyncGenerator<PhysicalLine> {
  const line = new LineBuffer(limitBytes);
  let number = 1;
  let offset = 0;
  const finish = (): PhysicalLine => {
    const { bytes, cut } = line.take();
    const marked = number === 1 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK);
    return { number: number++, bytes: marked ? bytes.subarray(3) : bytes, cut, endOffset: offset };
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      line.add(chunk.subarray(start, end));
      offset += end + 1 - start;
      start = end + 1;
      yield finish();
    }
    line.add(chunk.subarray(start));
    offset += chunk.length - start;
  }
  if (!line.isEmpty) yield finish();
}
