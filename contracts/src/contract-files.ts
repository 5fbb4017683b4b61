/** Name of the files that define one event version: its schema, its fixture, its released copy. `case-opened.v1.json` */
export function contractFileOf(type: string, version: number): string {
  return `${type.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()}.v${version}.json`;
}
