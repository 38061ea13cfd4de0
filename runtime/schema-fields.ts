// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Hex } from '../protocol/bytes.ts';
import { parseChainId } from '../protocol/chain.ts';

/** CAIP-2. */
export const chainId = z.string().transform((text, context) => {
  try {
    return parseChainId(text, 'id');
  } catch {
    context.addIssue({ code: 'custom', message: 'expected a CAIP-2 chain id such as eip155:1' });
    return z.NEVER;
  }
});

/** Of any case; lower-case afterwards. */
export const hex = (bytes: number): z.ZodType<Hex, string> =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`), `expected ${bytes} bytes as 0x-hex`)
    .transform((text) => text.toLowerCase() as Hex);

export const httpUrl = z.url({ protocol: /^https?$/, error: 'expected a URL: http or https' });

export const url = z.url({ protocol: /^(https?|wss?)$/, error: 'expected a URL: http, https, ws or wss' });

/** Up to ten years. */
export const seconds = z
  .int()
  .min(1)
  .max(10 * 365 * 86_400);

/** Of a file; relative ones start at the file they stand in. */
export const path = z.string().min(1);
