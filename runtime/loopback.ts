// SPDX-License-Identifier: GPL-3.0-or-later

/** Whether a URL's host is this machine by its very name: `localhost`, 127.0.0.0/8 or ::1. Names are not resolved. */
export function isLoopbackUrl(url: string): boolean {
  let host: string;
  try {
    host = new URL(url).hostname;
  } catch {
    return false;
  }
  return host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
