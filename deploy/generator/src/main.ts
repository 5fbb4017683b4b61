import { resolve } from 'node:path';
import { newService } from './new-service.ts';

const workspace = process.env['ACOGIDA_WORKSPACE'] ?? resolve(import.meta.dirname, '../../..');
process.exitCode = await newService(process.argv.slice(2), workspace, Date.now(), {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
});
