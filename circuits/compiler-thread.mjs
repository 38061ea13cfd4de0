// SPDX-License-Identifier: GPL-3.0-or-later
// One run of the circom compiler. It is a WASI program: of the machine it sees the folder that it is given.
import { createRequire } from 'node:module';
import fs from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const { CircomRunner, bindings } = createRequire(import.meta.url)('circom2');
const { module, root, args } = workerData;

let output = '';
/** What goes to a file goes there, what is said is kept. */
function writeSync(fd, bytes, offset, length, position) {
  if (fd !== 1 && fd !== 2) return fs.writeSync(fd, bytes, offset, length, position);
  output = (output + Buffer.from(bytes.buffer, bytes.byteOffset + offset, length).toString()).slice(-8000);
  return length;
}

const runner = new CircomRunner({
  args,
  env: {},
  preopens: { '.': root },
  bindings: { ...bindings, fs: { ...fs, writeSync } },
});
runner.compile = () => Promise.resolve(module);
let failure;
try {
  await runner.execute();
} catch (error) {
  failure = String(error);
}
parentPort.postMessage({ failure, output });
