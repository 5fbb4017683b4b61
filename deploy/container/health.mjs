// The image's health check: HEALTH_URL, by default the readiness of the node in this container, answers 200.
import { get } from 'node:http';

const ANSWER_LIMIT_MS = 4_000;
const url = process.env.HEALTH_URL ?? `http://127.0.0.1:${process.env.PORT}/health/ready`;

get(url, { timeout: ANSWER_LIMIT_MS }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
