// SPDX-License-Identifier: GPL-3.0-or-later
import { cosmosChainId } from '../../protocol/cometbft/caip2.ts';
import { postJson } from './farm.ts';

/** Most validators that a node puts on one page. */
const PAGE = 100;

/** Have the farm prove a header, with a node's answers as they come. */
export async function postHeader(
  apiUrl: string,
  chainId: string,
  node: string,
  height: bigint,
  trustedHeight: bigint,
): Promise<void> {
  const get = async (path: string): Promise<unknown> => (await fetch(`${node}${path}`)).json();
  const page = (number: number) => get(`/validators?height=${height}&page=${number}&per_page=${PAGE}`);
  const first = (await page(1)) as { result: { total: string } };
  const pages: unknown[] = [first];
  while (pages.length * PAGE < Number(first.result.total)) pages.push(await page(pages.length + 1));
  await postJson(`${apiUrl}/v1/cometbft/${cosmosChainId(chainId)}/updates`, {
    commit: await get(`/commit?height=${height}`),
    validators: pages,
    trustedHeight: String(trustedHeight),
  });
}
