// SPDX-License-Identifier: GPL-3.0-or-later
import type { Deferrals } from '../lib/deferrals.ts';
import type { RelayItem } from './relay-item.ts';

/**
 * What is to be tried now: first what has not failed, in the order given; then what has, whoever waited longest first.
 * So what fails for ever, however urgent and however much, keeps nothing else waiting.
 */
export async function* dueItems(
  items: AsyncIterable<RelayItem>,
  deferrals: Pick<Deferrals, 'failedAt' | 'isDeferred'>,
): AsyncGenerator<RelayItem> {
  const failed: { item: RelayItem; at: number }[] = [];
  for await (const item of items) {
    const at = deferrals.failedAt(item.id);
    if (at === undefined) yield item;
    else if (!deferrals.isDeferred(item.id)) failed.push({ item, at });
  }
  for (const { item } of failed.sort((a, b) => a.at - b.at)) yield item;
}
