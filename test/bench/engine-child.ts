// SPDX-License-Identifier: GPL-3.0-or-later

/** A process that proves with one engine, so that its memory is its own. Arguments: engine, instruction set. */
import { readFileSync } from 'node:fs';
import type { NativePath } from '../../circuits/native/addon.ts';
import { selectEngine, type EngineChoice } from '../../prover/select-engine.ts';
import type { EngineReply, EngineRequest } from './engine-process.ts';
import { seconds } from './measure.ts';

const [choice = 'auto', path = 'auto'] = process.argv.slice(2);
const engine = selectEngine(choice as EngineChoice, { path: path as NativePath | 'auto' });
const never = new AbortController().signal;

process.on('disconnect', () => process.exit(0));
process.on('message', (request: EngineRequest) => void answer(request));

async function answer({ files, work }: EngineRequest): Promise<void> {
  const task = 'witnessPath' in work ? { witness: readFileSync(work.witnessPath) } : { input: work.input };
  await engine.load(files);
  const took = await seconds(() => engine.prove(files, task, () => undefined, never));
  reply({ seconds: took, peakMebibytes: process.resourceUsage().maxRSS / 1024, engine: engine.info });
}

function reply(message: EngineReply): void {
  process.send?.(message);
}
