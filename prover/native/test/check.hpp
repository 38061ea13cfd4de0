// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <cstdlib>

/** Ends the test program with the place and the condition, unless the condition holds. Not switched off by NDEBUG. */
#define CHECK(...)                                                                    \
  do {                                                                                \
    if (!(__VA_ARGS__)) {                                                             \
      std::fprintf(stderr, "%s:%d: check fails: %s\n", __FILE__, __LINE__, #__VA_ARGS__); \
      std::exit(1);                                                                   \
    }                                                                                 \
  } while (false)
