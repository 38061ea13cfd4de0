// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainId } from '../../protocol/chain.ts';
import type { Logger } from '../../runtime/log.ts';
import type { ApiClient } from '../api/api-client.ts';
import type { CometBftSource, LightBlock, ShownHeader } from '../sources/cometbft/cometbft-source.ts';
import { ContradictionError, NothingTrustedError } from './errors.ts';
import type { FollowMetrics } from './follow-metrics.ts';

/** Brings headers of one chain to the API, with those in between that lead to them. */
export class HeaderPost {
  constructor(
    private readonly chain: ChainId,
    private readonly api: ApiClient,
    private readonly metrics: FollowMetrics,
    private readonly log: Logger,
    /** told of each that was accepted */
    private readonly onAccepted: (height: bigint, blockHash: Hex, update: Hex) => void,
  ) {}

  /**
   * Have the header of a height accepted, believed by the highest accepted one below it.
   * @returns the block
   * @throws NothingTrustedError when no header below it is accepted; SourceUnavailableError when no node of `source`
   *   leads there; what `send` throws
   */
  async post(source: CometBftSource, height: bigint): Promise<LightBlock> {
    const trusted = await this.api.acceptedBelow(this.chain, height);
    const meta = { height: String(height) };
    if (!trusted) throw new NothingTrustedError('no header below it is accepted', meta);
    const path = await source.path(trusted, height);
    await this.send(path);
    const block = path.at(-1)?.block;
    if (!block) throw new NothingTrustedError('an accepted header is as high', meta);
    return block;
  }

  /**
   * @param path each is believed by the one before it
   * @throws ContradictionError when the API took one as contradicting what is accepted: ledgers will freeze; the API's
   *   errors
   */
  async send(path: readonly ShownHeader[]): Promise<void> {
    for (const { block, ...shown } of path) {
      const at = block.signedHeader.header.height;
      const { id, contradicts } = await this.api.postHeader(this.chain, { block, ...shown });
      const meta = { height: String(at), update: id, blockHash: block.blockHash };
      if (contradicts) throw new ContradictionError('a header contradicts an accepted one', meta);
      this.metrics.posted.inc({ chain: this.chain });
      const { trustedHeight, signers } = shown.message;
      this.log.info({ ...meta, trusted: String(trustedHeight), signers: signers.length }, 'header accepted');
      this.onAccepted(at, block.blockHash, id);
    }
  }
}
