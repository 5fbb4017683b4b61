/** What a log may say of an error. */
export interface ErrorDescription {
  readonly name: string;
  readonly code?: string;
  /** Stack frames only. */
  readonly frames: readonly string[];
}

const MAX_FRAMES = 12;
/** A place in code: a line that a message made up to look like a frame has none. */
const FRAME = /^\s+at .*(:\d+:\d+|<anonymous>|native)\)?$/;

/**
 * What a log may say of an error: its class, its code and where it was thrown. Its message stays out: that of a database
 * or a parser repeats values of the request, which may be identity.
 */
export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const code: unknown = Reflect.get(error, 'code');
  const { stack = '', message } = error;
  const told = message === '' ? -1 : stack.indexOf(message);
  const frames = (told === -1 ? stack : stack.slice(told + message.length))
    .split('\n')
    .filter((line) => FRAME.test(line));
  return {
    name: error.name,
    ...(typeof code === 'string' && /^[A-Za-z0-9_.-]{1,80}$/.test(code) ? { code } : {}),
    frames: frames.slice(0, MAX_FRAMES).map((line) => line.trim()),
  };
}
