// SPDX-License-Identifier: GPL-3.0-or-later
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, fromHex, toHex, type Hex } from '../../bytes.ts';
import { lengthDelimited, ProtoMessage } from '../proto-message.ts';
import { stakingKey } from '../staking-record.ts';

/** A validator as the staking module of a chain has it. */
export interface StakedValidator {
  /** operator's, 20 bytes */
  readonly account: Hex;
  readonly operatorAddress: string;
  readonly consensusKey: Hex;
}

const SHA256 = 1;
const VAR_PROTO = 1;
/** IAVL, of a leaf: height 0, size 1, version 5, each doubled, as signed numbers are. */
const RECORD = Uint8Array.of(0x00, 0x02, 0x0a);
/** Of a node over two leaves: height 1, size 2, version 5. */
const RECORDS = Uint8Array.of(0x02, 0x04, 0x0a);
const [STORE, STORES] = [Uint8Array.of(0), Uint8Array.of(1)];
const LENGTH = Uint8Array.of(32);

/** cosmos.staking.v1beta1.Validator: bonded, not jailed, with more fields than anybody looks at. */
export function stakingRecord({ operatorAddress, consensusKey }: Omit<StakedValidator, 'account'>): Uint8Array {
  const any = new ProtoMessage()
    .text(1, '/cosmos.crypto.ed25519.PubKey')
    .bytes(2, new ProtoMessage().bytes(1, fromHex(consensusKey)).finish())
    .finish();
  const description = new ProtoMessage().text(1, 'a validator').text(5, 'of the tests').finish();
  return new ProtoMessage()
    .text(1, operatorAddress)
    .embedded(2, any)
    .varint(3, 0) // not jailed
    .varint(4, 3) // BOND_STATUS_BONDED
    .text(5, '1000000')
    .text(6, '1000000000000000000000000')
    .embedded(7, description)
    .finish();
}

/** An application with two stores, whose staking module knows two validators. */
export function stakingState(height: bigint, validators: readonly [StakedValidator, StakedValidator]) {
  const records = validators
    .map((validator) => ({ key: fromHex(stakingKey(validator.account)), value: stakingRecord(validator) }))
    .sort((a, b) => Buffer.compare(a.key, b.key));
  const [left = new Uint8Array(), right = new Uint8Array()] = records.map(({ key, value }) => leaf(RECORD, key, value));
  const root = sha256(concatBytes(RECORDS, LENGTH, left, LENGTH, right));
  const name = new TextEncoder().encode('staking');
  const otherStore = concatBytes(STORES, sha256(new TextEncoder().encode('another store')));
  const rootProof = existence(STORE, name, root, otherStore, new Uint8Array());
  return {
    appHash: toHex(sha256(concatBytes(otherStore, leaf(STORE, name, root)))),
    /** As a node answers to `/abci_query` for the validator of an account, with a proof. */
    answer: (account: Hex): object => {
      const place = records.findIndex(({ key }) => toHex(key) === stakingKey(account));
      const record = records[place];
      if (!record) throw new Error(`no record of ${account}`);
      const storeProof =
        place === 0
          ? existence(RECORD, record.key, record.value, concatBytes(RECORDS, LENGTH), concatBytes(LENGTH, right))
          : existence(RECORD, record.key, record.value, concatBytes(RECORDS, LENGTH, left, LENGTH), new Uint8Array());
      const ops = [
        { type: 'ics23:iavl', key: base64(record.key), data: base64(storeProof) },
        { type: 'ics23:simple', key: base64(name), data: base64(rootProof) },
      ];
      const response = { code: 0, log: '', key: base64(record.key), value: base64(record.value) };
      return {
        jsonrpc: '2.0',
        id: -1,
        result: { response: { ...response, height: String(height), proofOps: { ops } } },
      };
    },
  };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

function leaf(prefix: Uint8Array, key: Uint8Array, value: Uint8Array): Uint8Array {
  return sha256(concatBytes(prefix, lengthDelimited(key), lengthDelimited(sha256(value))));
}

/** CommitmentProof of ICS-23 with one inner node. */
function existence(
  leafPrefix: Uint8Array,
  key: Uint8Array,
  value: Uint8Array,
  prefix: Uint8Array,
  suffix: Uint8Array,
): Uint8Array {
  const leafOp = new ProtoMessage()
    .varint(1, SHA256)
    .varint(3, SHA256)
    .varint(4, VAR_PROTO)
    .bytes(5, leafPrefix)
    .finish();
  const innerOp = new ProtoMessage().varint(1, SHA256).bytes(2, prefix).bytes(3, suffix).finish();
  const exist = new ProtoMessage().bytes(1, key).bytes(2, value).embedded(3, leafOp).embedded(4, innerOp).finish();
  return new ProtoMessage().embedded(1, exist).finish();
}
