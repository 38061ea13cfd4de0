// SPDX-License-Identifier: GPL-3.0-or-later
import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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

/**
 * A secret from the environment, or else from a file.
 * @param value of the variable; an empty one counts as absent
 * @returns undefined when there is neither
 * @throws Error as `readSecretFile`
 */
export function readSecret(value: string | undefined, path: string | undefined): Secret | undefined {
  if (value) return new Secret(value);
  return path === undefined ? undefined : readSecretFile(path);
}

/** Whether it is a key: 32 bytes as 0x-hex. */
export function isKey(secret: Secret): boolean {
  return /^0x[0-9a-fA-F]{64}$/.test(secret.reveal());
}

/**
 * Write a new file that only its owner may read; an existing one is never touched.
 * @throws Error with code EEXIST when there is a file of that name
 */
export function writeSecretFile(path: string, secret: Secret): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, `${secret.reveal()}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
