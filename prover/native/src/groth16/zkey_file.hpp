// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../curve/point.hpp"
#include "../ntt/coefficient.hpp"
#include "../parallel/huge_buffer.hpp"
#include "../parallel/thread_pool.hpp"
#include "binary_file.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * Section 2 of a .zkey: sizes, and the points of the verification key. Every point is in its group and not infinity.
 */
struct ZkeyHeader {
  /** all wires, the constant one and the public signals included */
  uint32_t wires;
  uint32_t publicSignals;
  /** the domain of the polynomials has 2^logDomain points */
  unsigned logDomain;
  AffineG1 alpha1, beta1, delta1;
  AffineG2 beta2, gamma2, delta2;

  size_t domain() const { return size_t{1} << logDomain; }
};

/**
 * A Groth16 key on BN254 as snarkjs writes it. Looks into memory that the caller keeps. What it hands out is checked:
 * numbers are canonical, indices in range, points on their curve. That points of the list B2 are in G2's subgroup is
 * left to `findOutsideSubgroup`.
 */
class ZkeyFile {
 public:
  /** Reads the header and the sizes of all sections. @throws FormatError */
  explicit ZkeyFile(Bytes file);

  const ZkeyHeader& header() const { return header_; }

  // Each @throws FormatError.
  HugeBuffer<AffineG1> inputPoints(ThreadPool& pool) const;
  HugeBuffer<AffineG1> pointsA(ThreadPool& pool) const;
  HugeBuffer<AffineG1> pointsB1(ThreadPool& pool) const;
  HugeBuffer<AffineG2> pointsB2NoSubgroupCheck(ThreadPool& pool) const;
  HugeBuffer<AffineG1> pointsC(ThreadPool& pool) const;
  HugeBuffer<AffineG1> pointsH(ThreadPool& pool) const;
  HugeBuffer<Coefficient> coefficients(ThreadPool& pool) const;

  /** Refuse a point of B2 that `findOutsideSubgroup` found. */
  [[noreturn]] void refuseB2(size_t index) const;

 private:
  struct List {
    uint32_t id;
    const char* name;
    size_t count;
  };
  List listA() const, listB1() const, listB2() const, listC() const, listH() const, listInputs() const;

  void readHeader();
  template <class F>
  Bytes pointBytes(const List& list) const;
  template <class F>
  HugeBuffer<AffinePoint<F>> points(const List& list, ThreadPool& pool) const;

  BinaryFile file_;
  ZkeyHeader header_{};
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
