// SPDX-License-Identifier: GPL-3.0-or-later
import { concatBytes, fromHex, toBytesBE, toHex, type Hex } from '../../protocol/bytes.ts';
import type { HeaderMessage } from '../../protocol/cometbft/client-state.ts';
import type { CommitSignature } from '../../protocol/cometbft/commit.ts';
import { verifyEd25519 } from '../../protocol/cometbft/ed25519.ts';
import { headerHash } from '../../protocol/cometbft/header.ts';
import { ledgerHeader, signatureSlots, type LedgerSignedHeader } from '../../protocol/cometbft/ledger-header.ts';
import { CometBftRefusal } from '../../protocol/cometbft/refusal.ts';
import { splitTime } from '../../protocol/cometbft/timestamp.ts';
import { FR, toFr } from '../../protocol/field.ts';
import { evaluateWords, slotChallenge, slotWords } from '../../protocol/signature-slots.ts';
import { proveAnything } from './trapdoor-key.ts';

const NO_SIGNATURE: Hex = `0x${'00'.repeat(64)}`;

/**
 * A message with what a ledger puts itself in place of what it says: the ledger's chain id, a commit for the header's
 * own hash and height, votes for that block. What is signed otherwise has no signature over this.
 */
export function asLedgerReads(chainId: string, message: HeaderMessage): HeaderMessage {
  const { signedHeader, validators, signers } = message;
  const header = { ...signedHeader.header, chainId };
  const chosen = new Set(signers);
  const signatures = signedHeader.commit.signatures.map((vote, index): CommitSignature => {
    if (!chosen.has(index) || vote.flag === 'commit') return vote;
    if (vote.flag === 'nil') return { ...vote, flag: 'commit' };
    const address = validators.addresses[index] ?? '0x';
    return { flag: 'commit', address, timeNs: header.timeNs, signature: NO_SIGNATURE };
  });
  const blockId = { ...signedHeader.commit.blockId, hash: headerHash(header) };
  return {
    ...message,
    signedHeader: { header, commit: { ...signedHeader.commit, height: header.height, blockId, signatures } },
  };
}

/**
 * The ledger's form of a message, signers as they are given, wrong ones too.
 * @param message as the ledger reads it, signers in [0, 65535]
 */
function ledgerForm(message: HeaderMessage): LedgerSignedHeader {
  try {
    return ledgerHeader(message);
  } catch (error) {
    if (!(error instanceof CometBftRefusal)) throw error;
    const { header, commit } = message.signedHeader;
    const packed = message.signers.map((index) => {
      const vote = commit.signatures[index];
      const { seconds, nanos } = splitTime(vote && vote.flag !== 'absent' ? vote.timeNs : header.timeNs);
      return concatBytes(word(index, 2), word(BigInt.asUintN(64, seconds), 8), word(nanos, 4));
    });
    return { ...ledgerHeader({ ...message, signers: [] }), signers: toHex(concatBytes(...packed)) };
  }
}

const word = (value: bigint | number, length: number): Uint8Array => toBytesBE(BigInt(value), length, 'number');

/**
 * The ledger's form of a message with its proofs, as an honest prover makes them. Where a signature among a proof's
 * does not hold there is no proof: one of another claim stands in its place.
 * @param message as the ledger reads it
 */
export function provedHeader(message: HeaderMessage, capacity: number): LedgerSignedHeader {
  const form = ledgerForm(message);
  const count = Math.ceil(message.signers.length / capacity);
  const shards = Array.from({ length: count }, (_, i) => shard(message, i * capacity, capacity));
  return { ...form, digests: shards.map(({ digest }) => digest), proofs: shards.map(({ proof }) => proof) };
}

function shard(message: HeaderMessage, from: number, capacity: number) {
  const signers = message.signers.slice(from, from + capacity);
  const slots = slotsOf({ ...message, signers });
  const [first] = slots;
  // Refused before any proof is looked at.
  if (first === undefined) return { digest: 0n, proof: proveAnything([0n, 0n, 0n]) };
  const filled = Array.from({ length: capacity }, (_, i) => slots[i] ?? first);
  const words = slotWords(filled);
  // The circuit's is a Poseidon hash; what stands for it only has to depend on all words.
  const digest = toFr(
    words.reduce<bigint>((sum, w) => (sum * 3n + w) % FR, 1n),
    'digest',
  );
  const challenge = slotChallenge(digest, filled);
  const evaluation = evaluateWords(words, challenge);
  const holds = slots.every(({ key, message, signature }) =>
    verifyEd25519(fromHex(key), fromHex(message), fromHex(signature)),
  );
  return { digest, proof: proveAnything([digest, challenge, holds ? evaluation : (evaluation + 1n) % FR]) };
}

function slotsOf(message: HeaderMessage): ReturnType<typeof signatureSlots> {
  try {
    return signatureSlots(message);
  } catch (error) {
    if (error instanceof CometBftRefusal) return [];
    throw error;
  }
}
