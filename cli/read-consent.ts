// SPDX-License-Identifier: GPL-3.0-or-later
import { ed25519 } from '@noble/curves/ed25519.js';
import { toHex, type Hex } from '../protocol/bytes.ts';
import { parseAbciAnswer } from '../protocol/cometbft/abci-query.ts';
import { parseAccountAddress } from '../protocol/cometbft/account-address.ts';
import { accountSignature, parseWalletSignature } from '../protocol/cometbft/account-signature.ts';
import { consensusState } from '../protocol/cometbft/client-state.ts';
import { parseSignedHeader } from '../protocol/cometbft/commit.ts';
import { parsePrivValidatorKey, type ConsensusKeyPair } from '../protocol/cometbft/consensus-key-file.ts';
import { ledgerState } from '../protocol/cometbft/ledger-header.ts';
import { stakingProofs } from '../protocol/cometbft/staking-record.ts';
import { InvalidFieldError } from '../protocol/errors.ts';
import type { BindConfig } from '../runtime/config.ts';
import { readSecretFile } from '../runtime/secret.ts';
import type { ConsentShown } from './operations/bind.ts';
import { consensusBinding, type BindingParts, type ConsensusBinding } from './operations/consensus-binding.ts';
import { OperationError } from './operations/operation-error.ts';
import { readConsensusKey } from './read-consensus-key.ts';
import { readJson } from './read-json.ts';

/** Where consent is read from, as options name it. */
export interface ConsentSources {
  readonly privValidatorKey?: string;
  readonly consensusKey?: string;
  readonly signature?: string;
  readonly stakingRecord?: string;
  readonly header?: string;
  readonly account?: string;
  readonly accountSignature?: string;
}

/** The sources of each way, all of them needed and no other. */
export type ConsentWay =
  | { readonly kind: 'keyFile'; readonly privValidatorKey: string }
  | { readonly kind: 'signature'; readonly consensusKey: string; readonly signature: string }
  | {
      readonly kind: 'stakingRecord';
      readonly consensusKey: string;
      readonly stakingRecord: string;
      readonly header: string;
      readonly account: string;
      readonly accountSignature: string;
    };

/** @returns undefined for sources of no way or of several */
export function consentWay(sources: ConsentSources): ConsentWay | undefined {
  const { privValidatorKey, consensusKey, signature, stakingRecord, header, account, accountSignature: file } = sources;
  const staking = [stakingRecord, header, account, file];
  const none = (...values: readonly unknown[]): boolean => values.every((value) => value === undefined);
  if (privValidatorKey !== undefined)
    return none(consensusKey, signature, ...staking) ? { kind: 'keyFile', privValidatorKey } : undefined;
  if (consensusKey === undefined) return undefined;
  if (signature !== undefined) return none(...staking) ? { kind: 'signature', consensusKey, signature } : undefined;
  if (stakingRecord === undefined || header === undefined || account === undefined || file === undefined)
    return undefined;
  return { kind: 'stakingRecord', consensusKey, stakingRecord, header, account, accountSignature: file };
}

/**
 * Read, or by the key's own file make, consent to a binding.
 * @throws InvalidFieldError, OperationError with the file and the field; never what a secret file holds
 */
export function readConsent(
  config: BindConfig,
  parts: Omit<BindingParts, 'consensusKey'>,
  way: ConsentWay,
): { readonly binding: ConsensusBinding; readonly consent: ConsentShown } {
  if (way.kind === 'keyFile') {
    const { key, seed } = readPrivValidatorKey(way.privValidatorKey);
    const binding = consensusBinding(config, { ...parts, consensusKey: key });
    const signature = toHex(ed25519.sign(binding.message, seed));
    return { binding, consent: { way: 'ownSignature', signature } };
  }
  const binding = consensusBinding(config, { ...parts, consensusKey: readConsensusKey(way.consensusKey) });
  const consent: ConsentShown =
    way.kind === 'signature'
      ? { way: 'ownSignature', signature: parseSignature(way.signature) }
      : readStakingConsent(binding, way);
  return { binding, consent };
}

function readStakingConsent(
  { message, followed }: ConsensusBinding,
  way: ConsentWay & { readonly kind: 'stakingRecord' },
): ConsentShown {
  const account = parseAccountAddress(way.account, '--account');
  const wallet = parseWalletSignature(readJson(way.accountSignature), way.accountSignature);
  const signature = accountSignature(wallet, way.account, message, way.accountSignature);
  const answer = parseAbciAnswer(readJson(way.stakingRecord), way.stakingRecord);
  const proofs = stakingProofs(answer, account, way.stakingRecord);
  const { header } = parseSignedHeader(readJson(way.header), way.header);
  if (header.chainId !== followed.chainId)
    throw new InvalidFieldError(`${way.header}: chain_id`, `${followed.chainId}, not ${header.chainId}`);
  // A header carries the state after the block below it.
  if (header.height !== answer.height + 1n)
    throw new InvalidFieldError(`${way.header}: height`, `${answer.height + 1n}, one above the record's`);
  const state = ledgerState(header.height, consensusState(header));
  return { way: 'stakingRecord', state, proofs, signature };
}

function readPrivValidatorKey(file: string): ConsensusKeyPair {
  let value: unknown;
  try {
    value = JSON.parse(readSecretFile(file).reveal());
  } catch (error) {
    // A syntax error would quote the file.
    if (error instanceof SyntaxError) throw new InvalidFieldError(file, 'JSON');
    throw new OperationError(error instanceof Error ? error.message : `${file} cannot be read`);
  }
  return parsePrivValidatorKey(value, file);
}

function parseSignature(text: string): Hex {
  if (/^0x[0-9a-fA-F]{128}$/.test(text)) return text.toLowerCase() as Hex;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 64 || bytes.toString('base64') !== text)
    throw new InvalidFieldError('--signature', '64 bytes as base64 or 0x-hex');
  return toHex(bytes);
}
