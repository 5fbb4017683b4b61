/** What people read for a code, in the two working languages. */
export interface Label {
  readonly es: string;
  readonly en: string;
}

/** A code list: its labels by code. Codes are stable; labels may be reworded. */
export type Labels<C extends string = string> = Readonly<Record<C, Label>>;

/** The codes of a list, in the order in which they are shown. */
export function codesOf<C extends string>(labels: Labels<C>): readonly C[] {
  return Object.keys(labels) as C[];
}

/** Whether a text is one of the codes. */
export function isCode<C extends string>(codes: readonly C[], text: string): text is C {
  return (codes as readonly string[]).includes(text);
}
