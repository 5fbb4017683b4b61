import 'reflect-metadata';
import { PEER_MODULES, type PeerName } from './peer-modules.ts';
import type { PeerAnswer, PeerCall } from './peer.ts';

/** The program of a peer's process: opens the peer that the arguments name and runs what the parent calls. */
const [name = '', options = '{}'] = process.argv.slice(2);
const answer = (message: PeerAnswer): void => void process.send?.(message);

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  const { open } = await PEER_MODULES[name as PeerName]();
  const peer = await open(JSON.parse(options) as never);
  process.on('message', ({ id, operation, argument }: PeerCall) => {
    const run = peer.operations[operation];
    if (run === undefined) return answer({ id, error: `no operation ${operation}` });
    run(argument).then(
      (value) => answer({ id, value }),
      (error: unknown) => answer({ id, error: describe(error) }),
    );
  });
  process.once('disconnect', () => {
    void peer.close().finally(() => process.exit(0));
  });
  answer({ id: 0 });
} catch (error) {
  answer({ id: 0, error: describe(error) });
  process.disconnect?.();
}
