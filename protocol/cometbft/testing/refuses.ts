// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { CometBftRefusal, type RefusalReason } from '../refusal.ts';

/** Expect a refusal for exactly this reason. */
export function refuses(reason: RefusalReason, act: () => unknown): void {
  assert.throws(act, (error) => {
    if (!(error instanceof CometBftRefusal)) throw error;
    assert.equal(error.reason, reason);
    return true;
  });
}
