/** The generated files as they should be, by path within contracts/. */
export function generate(): Promise<ReadonlyMap<string, string>>;

/** Paths of the generated files that are missing, out of date or left over. */
export function outOfDate(): Promise<readonly string[]>;

/** What is wrong with the schemas against their released versions, one sentence each. */
export function incompatible(): Promise<readonly string[]>;

/** Names of the schemas that no release has. */
export function unreleased(): Promise<readonly string[]>;
