// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/**
 * The instruction set this translation unit is compiled for. Everything of ours lives in an inline namespace of this
 * name, so that a linker can never take a function of one set for the same function of another.
 */
#if defined(PHALANX_IFMA)
#define PHALANX_PATH ifma
#elif defined(PHALANX_ADX)
#define PHALANX_PATH adx
#else
#define PHALANX_PATH portable
#endif
