import { EmbeddedEventLog } from '@acogida/event-log';
import { createTestDatabase } from '@acogida/testing';
import { describeCrashes } from './crash-suite.ts';

describeCrashes('embedded', async () => {
  const database = await createTestDatabase();
  const log = new EmbeddedEventLog({ databaseUrl: database.url });
  return {
    log,
    place: { driver: 'embedded', databaseUrl: database.url },
    close: async () => {
      await log.close();
      await database.drop();
    },
  };
});
