import { getContainerRuntimeClient } from 'testcontainers';

/** An engine under load at times forgets what was asked of it. */
const ATTEMPTS = 2;

/**
 * Whether PostgreSQL and Kafka come in containers when no address names them: `only` (`npm run test:containers`), `first` with
 * something local to fall back to (DOCKER_HOST is set), or `never`.
 */
export function containersWanted() {
  if (process.env.ACOGIDA_TEST_CONTAINERS === 'only') return 'only';
  return process.env.DOCKER_HOST ? 'first' : 'never';
}

/** Why no container engine can be reached; undefined when one answers. */
export async function findNoEngine() {
  try {
    await getContainerRuntimeClient();
    return undefined;
  } catch (error) {
    return error.message;
  }
}

/**
 * The first that is there: what `local` is asked for only where containers are not wanted or, said aloud, do not start.
 *
 * @throws what the container said, where nothing else is wanted
 */
export async function containerElse(what, startContainer, startLocal) {
  const wanted = containersWanted();
  if (wanted === 'never') return startLocal();
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await startContainer();
    } catch (error) {
      const isLast = attempts === ATTEMPTS;
      const next = isLast ? 'a local one is used instead' : 'trying again';
      if (isLast && wanted === 'only') throw error;
      console.warn(`${what} did not start in a container (${error.message}); ${next}`);
      if (isLast) return startLocal();
    }
  }
}
