import { cpus, totalmem } from 'node:os';
import type { Machine } from '../report/results.ts';

/** Describes this machine without its name or any path. */
export function describeMachine(versions: Pick<Machine, 'postgres' | 'kafka'>): Machine {
  return {
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    ...versions,
  };
}
