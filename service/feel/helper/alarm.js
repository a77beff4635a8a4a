import { Worker } from 'node:worker_threads';

const LOOK_EVERY_MS = 100;

/**
 * Runs beside the main thread and kills the process when a call is late. The caller kills a late
 * helper too; this one is for a caller that was itself killed and left the helper in a loop.
 */
const WATCH = `
const { workerData } = require('node:worker_threads');
const deadline = new BigInt64Array(workerData);
const pause = new Int32Array(new SharedArrayBuffer(4));
for (;;) {
  Atomics.wait(pause, 0, 0, ${LOOK_EVERY_MS});
  const late = Atomics.load(deadline, 0);
  if (late !== 0n && process.hrtime.bigint() > late) process.kill(process.pid, 'SIGKILL');
}`;

const deadline = new BigInt64Array(new SharedArrayBuffer(8));

export function startAlarm() {
  const watch = new Worker(WATCH, {
    eval: true,
    workerData: deadline.buffer,
    stdout: true, // or Node would connect the two outputs and make the pipe non-blocking
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 },
  });
  watch.unref();
}

/** The process dies in so many seconds, unless `disarm` comes first. */
export function arm(seconds) {
  Atomics.store(deadline, 0, process.hrtime.bigint() + BigInt(Math.round(seconds * 1e9)));
}

export function disarm() {
  Atomics.store(deadline, 0, 0n);
}
