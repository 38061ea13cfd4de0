// SPDX-License-Identifier: GPL-3.0-or-later
import { parseValidators, type ValidatorSet } from '../../protocol/cometbft/validator-set.ts';

/** A set from a node's answer to `/validators`, or from the pages of it. @throws InvalidFieldError, CometBftRefusal */
export function parseSet(answer: unknown, label: string): ValidatorSet {
  return parseValidators(Array.isArray(answer) ? answer : [answer], label).set;
}
