// SPDX-License-Identifier: GPL-3.0-or-later
// Lanes<P>: Lanes<P>::width field elements at once; one interface for every instruction set.
//
// Lazy reduction (see lanes_ifma.hpp) is part of the interface: code written to the documented bounds is right on each
// path; where elements are always reduced, carry() and reduce() do nothing and subRaw<K>() subtracts modulo p.
//
//   Lanes<P>::width, zero(), one(), broadcast(Constant)      types Lanes<P>::Constant, LaneMask
//   copy(to, from)                                           =, but fast
//   addRaw(a, b)  subRaw<K>(a, b)  negateRaw<K>(mask, a)     -> raw
//   carry(raw)  reduce(raw)  reduceFully(raw)                -> normal
//   add(a, b)  sub<K>(a, b)  mul(a, b)  sqr(a)               -> normal
//   mulN<N, Raw>(r, a, b, between)  sqrN<N, Raw>(r, a, between)
//     N <= 4 at once, r may be an operand; calls between(0..3), once each, at moments of its choice, before r is
//     written
//   select(mask, set, clear)  isZero(a)  isPackedZero(a)     -> of normal values
//   loadPacked<P>(words)  storePacked(words, a)  gatherPacked<P>(addresses)  transposeLanes(x)
//   fromElements(e)  toElements(e, a)  fromCanonical<P>(w)  toCanonical(w, a)  laneConstant(e)  elementAt(a, l)
#pragma once

#include "../path.hpp"

#if defined(PHALANX_IFMA)
#include "lanes_memory_ifma.hpp"
#else
#include "lanes_scalar.hpp"
#endif
