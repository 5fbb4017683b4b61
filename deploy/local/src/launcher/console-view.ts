const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPINNER_INTERVAL_MS = 80;

/** Where the launcher tells how it goes: a moving line on a terminal, plain lines elsewhere. */
export class ConsoleView {
  readonly #stream: NodeJS.WriteStream;
  #spinner: NodeJS.Timeout | null = null;
  #status = '';
  #turn = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** What is being done now. */
  doing(status: string): void {
    this.#status = status;
    if (!this.#stream.isTTY) {
      this.#stream.write(`${status}\n`);
      return;
    }
    this.#draw();
    this.#spinner ??= setInterval(() => this.#draw(), SPINNER_INTERVAL_MS);
  }

  /** A line that stays. */
  tell(line: string): void {
    this.#clear();
    this.#stream.write(`${line}\n`);
    if (this.#spinner !== null) this.#draw();
  }

  /** Nothing is being done any more. */
  done(): void {
    if (this.#spinner !== null) clearInterval(this.#spinner);
    this.#spinner = null;
    this.#clear();
  }

  #draw(): void {
    this.#turn = (this.#turn + 1) % SPINNER.length;
    this.#clear();
    this.#stream.write(`${SPINNER[this.#turn]} ${this.#status}`);
  }

  #clear(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[K');
  }
}
