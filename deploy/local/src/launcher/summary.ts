import { type RunFile, table } from '@acogida/operations';

/** What the user reads when everything is ready: where the nodes are and how to get a token. */
export function readySummary(run: RunFile, readyInMs: number): string {
  const nodes = run.nodes.map(({ agencyId, kind, jurisdiction, url }) => [
    agencyId,
    kind,
    jurisdiction ?? 'regional',
    `${url}/docs`,
  ]);
  const first = run.nodes[0]?.agencyId ?? 'AGENCY';
  const log = run.log.driver === 'embedded' ? 'PostgreSQL (embedded)' : `Kafka ${run.log.brokers.join(', ')}`;
  return [
    '',
    table(['agency', 'service', 'country', 'browse its API'], nodes),
    '',
    `issuer  ${run.issuer.url}`,
    `log     ${log}`,
    `data    ${run.dataDir}   (child output in logs/)`,
    '',
    'A bearer token for a development user (one per agency and role):',
    `  npm run -s token -- --agency ${first} --role caseworker`,
    `  curl -s -u "${first}.caseworker:$(cat ${run.issuer.secretFile})" \\`,
    `       -d grant_type=client_credentials -d resource=${run.issuer.audience} ${run.issuer.tokenEndpoint}`,
    'Import the sample caseload, then prove that nothing was lost:',
    '  npm run import -- deploy/import/sample/caseload.csv --mapping deploy/import/sample/caseload.json',
    '  npm run reconcile',
    '',
    `ready in ${(readyInMs / 1_000).toFixed(1)} s   (Ctrl-C stops everything)`,
  ].join('\n');
}
