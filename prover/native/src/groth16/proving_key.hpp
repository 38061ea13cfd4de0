// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../msm/prepared_points.hpp"
#include "../ntt/quotient.hpp"
#include "../parallel/progress.hpp"
#include "proof_check.hpp"
#include "zkey_file.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** A proving key in the form that the engine computes with. Nothing of the file is kept. */
class ProvingKey {
 public:
  /**
   * Check a whole .zkey and prepare it.
   * @throws FormatError ZKEY_REFUSED; Cancelled; std::bad_alloc
   */
  ProvingKey(Bytes zkey, ThreadPool& pool, const CancelToken& cancel, const Progress& progress);

  const ZkeyHeader& header() const { return header_; }
  const ProofCheck& check() const { return check_; }
  /** memory held */
  size_t bytes() const;

  // As in the key: of all wires; of the wires that are not public; of the quotient's values.
  const PreparedPoints<Fq>& a() const { return a_; }
  const PreparedPoints<Fq>& b1() const { return b1_; }
  const PreparedPoints<Fq2>& b2() const { return b2_; }
  const PreparedPoints<Fq>& c() const { return c_; }
  const PreparedPoints<Fq>& h() const { return h_; }
  /** Holds scratch memory: one proof at a time. */
  Quotient& quotient() const { return quotient_; }

 private:
  struct Loading;
  explicit ProvingKey(Loading&& loading);

  ZkeyHeader header_;
  ProofCheck check_;
  PreparedPoints<Fq> a_, b1_;
  PreparedPoints<Fq2> b2_;
  PreparedPoints<Fq> c_, h_;
  mutable Quotient quotient_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
