// SPDX-License-Identifier: GPL-3.0-or-later
import { statSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { OperationError } from '../operations/operation-error.ts';
import { runRole } from '../run-role.ts';

interface ServeOptions {
  readonly host: string;
  readonly port: number;
}

export function cometbftServeCommand(): Command {
  return new Command('serve')
    .description("serve a folder of recorded answers as a node's RPC, to be followed like one")
    .argument(
      '<folder>',
      'with commit.<height>.json, validators.<height>.json and, where recorded, block.<height>.json',
    )
    .option('--host <address>', 'to listen on', '127.0.0.1')
    .option('--port <number>', 'to listen on; 0 takes a free one', port, 26_657)
    .addHelpText(
      'after',
      "\nThe files are a node's answers to /commit?height=, /validators?height= (pages joined into one list) and\n" +
        '/block?height=. They are read at each call: a block that is added is the chain going on. From the\n' +
        'blocks come /status and /blockchain.',
    )
    .action(serve);
}

async function serve(folder: string, { host, port }: ServeOptions): Promise<void> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new OperationError(`${folder} is no folder`);
  const { serveNode } = await import('../../relayer/sources/cometbft/node-server.ts');
  const { recordedAnswer } = await import('../../relayer/sources/cometbft/recorded-answers.ts');
  await runRole('recorded-node', { logLevel: 'info' }, async (_, log) => {
    const server = await serveNode((call) => recordedAnswer(folder, call), { host, port });
    log.info({ url: server.url, folder }, 'serving');
    return { stop: () => server.close() };
  });
}

function port(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Infinity;
  if (number <= 65_535) return number;
  throw new InvalidArgumentError('expected a port in [0, 65535]');
}
