// SPDX-License-Identifier: GPL-3.0-or-later
import { serveNode, type NodeServer, type RpcCall } from '../sources/cometbft/node-server.ts';
import { recordedAnswer } from '../sources/cometbft/recorded-answers.ts';

export interface RecordedNode extends NodeServer {
  /** every call, in order */
  readonly calls: readonly RpcCall[];
  /** give another answer than the recorded one, or undefined for that; text is sent as it is, a number is a status */
  answer: (call: RpcCall) => unknown;
}

/** A node that has the blocks of a folder, on a free port of this machine. */
export async function startRecordedNode(folder: string): Promise<RecordedNode> {
  const calls: RpcCall[] = [];
  const server = await serveNode(
    (call) => {
      calls.push(call);
      return node.answer(call) ?? recordedAnswer(folder, call);
    },
    { host: '127.0.0.1', port: 0 },
  );
  const node: RecordedNode = { ...server, calls, answer: () => undefined };
  return node;
}
