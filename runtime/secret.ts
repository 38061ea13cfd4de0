// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync, statSync } from 'node:fs';
import { inspect } from 'node:util';

/** A secret text that cannot be printed by accident: only `reveal` gives it. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

/**
 * Read a secret from a file that only its owner may read or write. Surrounding white space is dropped.
 * @throws Error when the file is missing, empty, or readable by others
 */
export function readSecretFile(path: string): Secret {
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    throw new Error(`${path} has mode 0${mode.toString(8)}, readable by others; expected 0600 (chmod 600 ${path})`);
  }
  const text = readFileSync(path, 'utf8').trim();
  if (text === '') throw new Error(`${path} is empty`);
  return new Secret(text);
}
