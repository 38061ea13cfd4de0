// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';
import { InvalidFieldError } from '../protocol/errors.ts';
import { OperationError } from './operations/operation-error.ts';

/** @throws InvalidFieldError, OperationError with the file's name */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new InvalidFieldError(file, 'JSON');
    throw new OperationError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
