// SPDX-License-Identifier: GPL-3.0-or-later

/** Something done again and again, to be ended. */
export interface Repeated {
  /** Ends after the turn that is under way. */
  stop(): Promise<void>;
}

/** Do `turn`, wait, and again. A turn that throws is reported, never the end. */
export function repeat(turn: () => Promise<void>, pauseMs: number, onError: (error: unknown) => void): Repeated {
  let stopped = false;
  let wake = (): void => undefined;
  const run = async (): Promise<void> => {
    while (!stopped) {
      try {
        await turn();
      } catch (error) {
        onError(error);
      }
      if (stopped) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopped = true;
      wake();
      await running;
    },
  };
}
