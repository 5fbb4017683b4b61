/** How often a child looks whether its launcher still lives, in milliseconds. */
const LOOK_INTERVAL_MS = 500;

// Preloaded into every Node child: a launcher that was killed cannot stop its children, so they stop themselves.
const launcherPid = process.ppid;
setInterval(() => {
  if (process.ppid !== launcherPid) process.kill(process.pid, 'SIGTERM');
}, LOOK_INTERVAL_MS).unref();
