// SPDX-License-Identifier: GPL-3.0-or-later
import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { toHex } from '../../protocol/bytes.ts';
import { Secret, writeSecretFile } from '../../runtime/secret.ts';
import { OperationError } from '../operations/operation-error.ts';

export function keyCommand(): Command {
  return new Command('key').description('keys of validators').addCommand(
    new Command('new')
      .description("make a validator's BabyJubJub secret and print its public key")
      .argument('<file>', 'new file of mode 0600, for attester.keyFile; an existing one is never overwritten')
      .addHelpText(
        'after',
        '\nKeep one copy apart from this machine, and never run two attesters with one key: it would sign\n' +
          'two votes that contradict each other, and its stake would be slashed on every chain.',
      )
      .action(newKey),
  );
}

async function newKey(file: string): Promise<void> {
  const secret = new Uint8Array(randomBytes(32));
  try {
    writeSecretFile(file, new Secret(toHex(secret)));
  } catch (error) {
    throw new OperationError(whyNotWritten(file, error));
  }
  const { publicKey } = await import('../../protocol/eddsa.ts');
  const { x, y } = publicKey(secret);
  console.log(`secret  ${file} (mode 0600)`);
  console.log(`key x   ${x}`);
  console.log(`key y   ${y}`);
}

function whyNotWritten(file: string, error: unknown): string {
  if (!(error instanceof Error)) return `${file} cannot be written`;
  return 'code' in error && error.code === 'EEXIST'
    ? `${file} exists already, and a key is never overwritten`
    : error.message;
}
