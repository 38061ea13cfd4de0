// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../../protocol/bytes.ts';
import type { Point } from '../../protocol/eddsa.ts';
import { epochDigest, type Sealing } from '../../protocol/epoch-digest.ts';
import { keyId } from '../../protocol/key-id.ts';
import { agree, askAll } from '../sources/agreement.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { STATUS_NONE } from './outcomes.ts';
import { evmClient, type EvmClient } from './evm-client.ts';

/** The hub's Coalition, read over several nodes none of which is believed alone. */
export class Hub {
  private readonly nodes: readonly EvmClient[];

  constructor(
    rpcs: readonly string[],
    private readonly rpcQuorum: number,
    private readonly coalition: Hex,
  ) {
    this.nodes = rpcs.map((url) => evmClient([url]));
  }

  /** Whether this set was sealed on the hub, as the epoch and at the time that it says. */
  async isSealed(sealing: Sealing & { readonly epoch: bigint }): Promise<boolean> {
    const digest = await this.ask((node) =>
      node.readContract({
        address: this.coalition,
        abi: hubCoalitionAbi,
        functionName: 'epochDigest',
        args: [sealing.epoch],
      }),
    );
    return digest === epochDigest(sealing);
  }

  /** Whether the key was ever registered, or barred. */
  async isKeyKnown(key: Point): Promise<boolean> {
    const status = await this.ask(async (node) => {
      const validator = await node.readContract({
        address: this.coalition,
        abi: hubCoalitionAbi,
        functionName: 'validator',
        args: [keyId(key)],
      });
      return validator.status;
    });
    return status !== STATUS_NONE;
  }

  private async ask<T extends string | number>(read: (node: EvmClient) => Promise<T>): Promise<T> {
    return agree(await askAll(this.nodes, read), this.rpcQuorum, String).value;
  }
}
