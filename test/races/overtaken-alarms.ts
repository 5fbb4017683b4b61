/** Names what an alarm is of: the holds that came too late. */
export function holdsTogether(holdIds: readonly string[]): string {
  return holdIds.toSorted().join(' ');
}

/** One agency's alarms that somebody had left before a hold could protect, as its log told them, whichever process wrote it. */
export class OvertakenAlarms {
  readonly #told = new Set<string>();
  #lines: readonly string[] = [];
  #read = 0;

  /** A process begins to write; what the one before wrote stays. */
  follow(lines: readonly string[]): void {
    this.#takeIn();
    this.#lines = lines;
    this.#read = 0;
  }

  /** Each once, however often its transaction was tried. */
  get told(): ReadonlySet<string> {
    this.#takeIn();
    return this.#told;
  }

  #takeIn(): void {
    for (; this.#read < this.#lines.length; this.#read += 1) {
      const line = this.#lines[this.#read] ?? '';
      if (!line.includes('"kind":"overtaken"')) continue;
      const { alarm } = JSON.parse(line) as { readonly alarm: { readonly holdIds: readonly string[] } };
      this.#told.add(holdsTogether(alarm.holdIds));
    }
  }
}
