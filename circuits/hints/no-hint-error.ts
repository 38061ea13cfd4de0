// SPDX-License-Identifier: GPL-3.0-or-later
import { InvalidFieldError } from '../../protocol/errors.ts';

/** No hint fulfils the constraints: a slope through one point twice, digits of a number that has none. */
export class NoHintError extends RangeError {}

/**
 * What a builder of inputs makes, where it has hints.
 * @param field the input's name
 * @param bound what has hints
 * @throws InvalidFieldError in place of NoHintError: the same input would never have any
 */
export function whereHintsExist<T>(field: string, bound: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof NoHintError) throw new InvalidFieldError(field, `${bound} (${error.message})`);
    throw error;
  }
}
