// Read by the machine's own Node as well (`total.mjs`): nothing that Node 20 does not have.

/** Repeats what failed, so that the last lines of a long run name it. */
export function tellFailures(failures) {
  for (const { suite, title, message } of failures)
    console.log(`\nfailed: ${suite}: ${title}\n${message.replaceAll(/^/gm, '    ')}`);
}
