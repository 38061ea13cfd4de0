// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainId, ChainKey } from '../../protocol/chain.ts';
import type { Domain } from '../../protocol/domain.ts';
import { SUBGROUP_ORDER } from '../../protocol/eddsa.ts';
import { FR, type Fr } from '../../protocol/field.ts';

/*
 * What stands in requests and responses. Each schema checks and decodes what comes in (`z.decode`, `safeParse`),
 * encodes what goes out (`z.encode`), gives the TypeScript type (`z.output`) and the OpenAPI schema. Messages say the
 * bound.
 */

const DECIMAL = /^(0|[1-9][0-9]{0,77})$/;

function decimalBelow<T extends bigint>(bound: bigint, least: bigint, text: string) {
  return z.codec(
    z.string(`${text}, as a canonical decimal string`).regex(DECIMAL, `${text}, as a canonical decimal string`),
    z.custom<T>((value) => typeof value === 'bigint'),
    {
      decode: (decimal, context) => {
        const value = BigInt(decimal);
        if (value >= least && value < bound) return value as T;
        context.issues.push({ code: 'custom', params: { outOfRange: true }, message: text, input: decimal });
        return z.NEVER;
      },
      encode: (value) => value.toString(),
    },
  );
}

function text<T extends string>(pattern: RegExp, bound: string) {
  return z.codec(
    z.string(bound).regex(pattern, bound),
    z.custom<T>((value) => typeof value === 'string'),
    { decode: (value) => value as T, encode: (value) => value },
  );
}

export const u64 = decimalBelow(1n << 64n, 0n, 'an integer in [0, 2^64)').meta({
  id: 'U64',
  description: 'Integer in [0, 2^64), a canonical decimal string.',
  examples: ['128'],
});

export const stakeGwei = decimalBelow(1n << 64n, 1n, 'an integer in [1, 2^64), gwei').meta({
  id: 'StakeGwei',
  description: 'Stake in gwei, in [1, 2^64), a canonical decimal string.',
  examples: ['32000000000'],
});

export const fr = decimalBelow<Fr>(FR, 0n, 'an integer in [0, r), r the BN254 scalar field order').meta({
  id: 'Fr',
  description: 'Integer in [0, r), r the BN254 scalar field order, a canonical decimal string.',
  examples: ['1234567890'],
});

const coordinate = decimalBelow(FR, 0n, 'an integer in [0, r), r the BN254 scalar field order').meta({
  id: 'Coordinate',
  description: 'Integer in [0, r), r the BN254 scalar field order, a canonical decimal string.',
});

const scalar = decimalBelow(SUBGROUP_ORDER, 0n, 'an integer in [0, l), l the order of the BabyJubJub subgroup').meta({
  id: 'SubgroupScalar',
  description: 'Integer in [0, l), l the order of the BabyJubJub subgroup, a canonical decimal string.',
});

function hex(bytes: number, id: string, what: string) {
  const bound = `${bytes} bytes as lower-case 0x-hex`;
  return text<Hex>(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`), bound).meta({ id, description: `${what}: ${bound}.` });
}

export const bytes32 = hex(32, 'Bytes32', 'A hash');
export const address = hex(20, 'Address', 'An EVM address');
export const chainKeySchema = text<ChainKey>(/^0x[0-9a-f]{62}$/, '31 bytes as lower-case 0x-hex').meta({
  id: 'ChainKey',
  description: 'First 31 bytes of SHA-256 over the CAIP-2 id and the genesis hash, as lower-case 0x-hex.',
});
export const domainSchema = text<Domain>(/^0x[0-9a-f]{62}$/, '31 bytes as lower-case 0x-hex').meta({
  id: 'Domain',
  description: 'First 31 bytes of SHA-256 over protocol version, message kind, hub chain key and hub Coalition.',
});
export const data = text<Hex>(/^0x([0-9a-f]{2})*$/, 'whole bytes as lower-case 0x-hex').meta({
  id: 'Data',
  description: 'Bytes as lower-case 0x-hex.',
});

export const chainId = text<ChainId>(/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/, 'a CAIP-2 chain id such as eip155:1').meta(
  {
    id: 'ChainId',
    description: 'CAIP-2 chain id.',
    examples: ['eip155:31337'],
  },
);

export const point = z.strictObject({ x: coordinate, y: coordinate }, 'an object {x, y}').meta({
  id: 'Point',
  description: "Affine coordinates of a BabyJubJub point in circomlib's twisted Edwards form (EIP-2494).",
});

/** On the wire `{r8x, r8y, s}`. */
export const signature = z
  .codec(
    z.strictObject({ r8x: coordinate, r8y: coordinate, s: scalar }, 'an object {r8x, r8y, s}'),
    z.object({ r8: z.object({ x: z.bigint(), y: z.bigint() }), s: z.bigint() }),
    {
      decode: ({ r8x, r8y, s }) => ({ r8: { x: r8x, y: r8y }, s }),
      encode: ({ r8, s }) => ({ r8x: r8.x, r8y: r8.y, s }),
    },
  )
  .meta({ id: 'Signature', description: 'EdDSA-Poseidon signature as circomlibjs makes it.' });
