// SPDX-License-Identifier: GPL-3.0-or-later
#include "proving_key.hpp"

#include "subgroup_check.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Members are made in the order in which they stand, each from a list that is freed before the next is read. */
struct ProvingKey::Loading {
  ZkeyFile file;
  ThreadPool& pool;
  const CancelToken& cancel;
  const Progress& progress;

  /** Before each part; `fraction` of the time is behind it (measured at 2^16). */
  void at(double fraction) const {
    cancel.check();
    if (progress) progress(fraction);
  }

  PreparedPoints<Fq> prepare(HugeBuffer<AffineG1> points, double fraction) const {
    at(fraction);
    return PreparedPoints<Fq>(points.span(), pool);
  }

  PreparedPoints<Fq2> prepareB2(double fraction) const {
    const HugeBuffer<AffineG2> points = file.pointsB2NoSubgroupCheck(pool);
    at(fraction);
    PreparedPoints<Fq2> prepared(points.span(), pool);
    const size_t outside = findOutsideSubgroup(points.span(), prepared, pool, cancel);
    if (outside < points.size()) file.refuseB2(outside);
    return prepared;
  }

  Quotient quotient() const {
    at(0.8);
    const ZkeyHeader& header = file.header();
    return Quotient(file.coefficients(pool).span(), header.logDomain, header.wires, pool);
  }

  ProofCheck check() const { return {file.header(), file.inputPoints(pool).span(), pool}; }
};

ProvingKey::ProvingKey(Bytes zkey, ThreadPool& pool, const CancelToken& cancel, const Progress& progress)
    : ProvingKey(Loading{ZkeyFile(zkey), pool, cancel, progress}) {
  if (progress) progress(1);
}

ProvingKey::ProvingKey(Loading&& loading)
    : header_(loading.file.header()),
      check_(loading.check()),
      a_(loading.prepare(loading.file.pointsA(loading.pool), 0)),
      b1_(loading.prepare(loading.file.pointsB1(loading.pool), 0.1)),
      b2_(loading.prepareB2(0.2)),
      c_(loading.prepare(loading.file.pointsC(loading.pool), 0.6)),
      h_(loading.prepare(loading.file.pointsH(loading.pool), 0.7)),
      quotient_(loading.quotient()) {}

size_t ProvingKey::bytes() const {
  return sizeof *this + check_.bytes() + a_.bytes() + b1_.bytes() + b2_.bytes() +
         c_.bytes() + h_.bytes() + quotient_.bytes();
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
