import { readIssuerEnvironment } from './issuer-environment.ts';
import { startIssuer } from './start-issuer.ts';

const issuer = await startIssuer(readIssuerEnvironment(process.env));
process.stdout.write(`${JSON.stringify({ msg: 'the issuer answers', issuer: issuer.issuer })}\n`);
process.send?.({ type: 'ready', issuer: issuer.issuer });

const stop = (): void => {
  void issuer.stop().then(() => process.exit(0));
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
process.once('disconnect', stop); // the launcher that started this process is gone
