// SPDX-License-Identifier: GPL-3.0-or-later
import type { Instance } from '../compile.ts';

/**
 * One template as a circuit of its own. Named after what it is, so that tests which mean the same share it.
 * @param source its file, relative to circuits/
 * @param more default: all inputs private, the compiler's usual flags
 */
export function templateInstance(
  source: string,
  template: string,
  parameters: readonly number[] = [],
  more: Partial<Pick<Instance, 'publicSignals' | 'flags'>> = {},
): Instance {
  return { id: ['part', template, ...parameters].join('-'), source, template, parameters, publicSignals: [], ...more };
}
