// SPDX-License-Identifier: GPL-3.0-or-later
import type { Instance } from '../compile.ts';

/**
 * One template as a circuit of its own, all its inputs private.
 * @param source its file, relative to circuits/
 */
export function templateInstance(source: string, template: string, parameters: readonly number[] = []): Instance {
  return { id: `part-${template}`, source, template, parameters, publicSignals: [] };
}
