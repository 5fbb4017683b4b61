/** Exit codes of `npm run new:service`. */
export const EXIT = { ok: 0, refused: 1, usage: 2 } as const;

/** Why no service was made; nothing was changed. `code` is stable. */
export class GeneratorRefusal extends Error {
  override readonly name = 'GeneratorRefusal';
  readonly code: string;
  readonly exitCode: number;

  /** @param exitCode `EXIT.usage` when the command line is wrong, `EXIT.refused` when the workspace does not allow it */
  constructor(code: string, message: string, exitCode: number = EXIT.refused) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** A refusal of the command line. */
export function usage(code: string, message: string): GeneratorRefusal {
  return new GeneratorRefusal(code, message, EXIT.usage);
}
