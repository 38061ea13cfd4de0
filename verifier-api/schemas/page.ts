// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';

function wholeNumber(least: number, most: number, fallback: number) {
  const bound = `an integer in [${least}, ${most}]`;
  return z
    .codec(z.string(bound).regex(/^(0|[1-9]\d{0,15})$/, bound), z.int(), {
      decode: (text, context) => {
        const value = Number(text);
        if (value >= least && value <= most) return value;
        context.issues.push({ code: 'custom', params: { outOfRange: true }, message: bound, input: text });
        return z.NEVER;
      },
      encode: String,
    })
    .default(fallback)
    .describe(`${bound}; default ${fallback}`);
}

/** Query parameters of lists that are read on by a sequence number. */
export const pageQuery = {
  after: wholeNumber(0, Number.MAX_SAFE_INTEGER, 0),
  limit: wholeNumber(1, 500, 100),
};
