// SPDX-License-Identifier: GPL-3.0-or-later
import { availableParallelism } from 'node:os';
import type { NativeAddon, NativeHandle } from '../native/addon.ts';
import { POINT_BYTES, type Group } from './bn254-wasm.ts';
import type { GeneratorMultiplier } from './generator-multiplier.ts';

/** The native engine's multiples of the generators: many times faster than WebAssembly's, the same bytes. */
export class NativeMultiplier implements GeneratorMultiplier {
  private readonly pool: NativeHandle<'pool'>;
  private readonly multiplier: NativeHandle<'multiplier'>;

  /** @param threads defaults to every core */
  constructor(
    private readonly addon: NativeAddon,
    threads: number = availableParallelism(),
  ) {
    this.pool = addon.openPool(Math.max(1, threads));
    this.multiplier = addon.openMultiplier();
  }

  /** Tables are made in a few hundredths of a second: that can wait for the first product. */
  warm(): void {}

  async multiply(group: Group, scalars: Uint8Array<SharedArrayBuffer>): Promise<Uint8Array> {
    const points = new Uint8Array((scalars.length / 32) * POINT_BYTES[group].affine);
    await this.addon.multiplyGenerator(this.pool, this.multiplier, group === 'g2', scalars, points).done;
    return points;
  }

  /** The addon overwrites what has seen scalars with every call. Calls under way end as they would. */
  close(): Promise<void> {
    this.addon.closeMultiplier(this.multiplier);
    this.addon.closePool(this.pool);
    return Promise.resolve();
  }
}
