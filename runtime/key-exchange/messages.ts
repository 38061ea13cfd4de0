// SPDX-License-Identifier: GPL-3.0-or-later
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Hex } from '../../protocol/bytes.ts';
import { KEY_ROOT } from '../keys.ts';

/*
 * A key goes from a process that has it to one that lacks it over Redis' publish/subscribe channels, for Redis is what
 * both can reach. Nothing of it is stored there, no process opens a port, and whoever may take a job may take its key.
 *
 *   seeker -> wanted            which key; every holder listens
 *   holder -> offers:<seeker>   its manifest, and how long its files are
 *   seeker -> holder:<holder>   one part of one file, please
 *   holder -> parts:<seeker>    four bytes, the number of the request, then the part
 */

/** Files of a key that a prover cannot do without, beside its manifest. */
export const KEY_FILES = ['verificationKey', 'wasm', 'zkey'] as const;
export type KeyFile = (typeof KEY_FILES)[number];

/** At most so much in one message. */
export const PART_BYTES = 2 ** 20;

/** More than any circuit's key; who offers more is not believed. */
const MAX_FILE_BYTES = 2 ** 33;

export const exchangeChannels = {
  wanted: `${KEY_ROOT}:key-exchange:wanted`,
  holder: (id: string): string => `${KEY_ROOT}:key-exchange:holder:${id}`,
  offers: (seeker: string): string => `${KEY_ROOT}:key-exchange:offers:${seeker}`,
  parts: (seeker: string): string => `${KEY_ROOT}:key-exchange:parts:${seeker}`,
} as const;

/** A name for one process in the exchange. */
export const newPeerId = (): string => randomBytes(16).toString('hex');

const peerId = z.string().regex(/^[0-9a-f]{32}$/);
const size = z.int().min(0).max(MAX_FILE_BYTES);

const keyName = {
  circuit: z
    .string()
    .max(64)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  keyHash: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/)
    .transform((text) => text as Hex),
};

/** A key by its circuit and its hash, as jobs name it. */
export interface KeyName {
  readonly circuit: string;
  readonly keyHash: Hex;
}

export const wantedSchema = z.strictObject({ ...keyName, seeker: peerId });

export const offerSchema = z.strictObject({
  ...keyName,
  holder: peerId,
  /** text of the manifest; whoever takes the key checks it */
  manifest: z.string().max(2 ** 20),
  sizes: z.strictObject({ verificationKey: size, wasm: size, zkey: size } satisfies Record<KeyFile, unknown>),
});

export type KeyOffer = z.output<typeof offerSchema>;

export const partRequestSchema = z.strictObject({
  ...keyName,
  seeker: peerId,
  file: z.enum(KEY_FILES),
  offset: size,
  length: z.int().min(1).max(PART_BYTES),
  number: z.int().min(0).max(0xffff_ffff),
});

export type PartRequest = z.output<typeof partRequestSchema>;

/** What a message says; undefined when it is not of that form. */
export function parseMessage<S extends z.ZodType>(schema: S, message: Buffer): z.output<S> | undefined {
  try {
    return schema.safeParse(JSON.parse(message.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
