import { KafkaEventLog } from '@acogida/event-log';
import { describeCrashes } from './crash-suite.ts';

describeCrashes('Kafka', async () => {
  const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
  const log = new KafkaEventLog({ brokers, clientId: 'crash-suite' });
  return { log, place: { driver: 'kafka', brokers }, close: () => log.close() };
});
