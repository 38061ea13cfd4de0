// SPDX-License-Identifier: GPL-3.0-or-later
#include "zkey_file.hpp"

#include <bit>

#include "../curve/subgroup.hpp"
#include "../ntt/quotient.hpp"
#include "checked_blocks.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

namespace {

constexpr FileKind ZKEY{"zkey", 1, "ZKEY_REFUSED"};
constexpr uint32_t PROTOCOL = 1, HEADER = 2, COEFFICIENTS = 4;
constexpr uint32_t GROTH16 = 1;
constexpr size_t HEADER_BYTES = (4 + 32) * 2 + 4 * 3 + 3 * 64 + 3 * 128;
/** matrix, row, wire, value */
constexpr size_t COEFFICIENT_BYTES = 4 * 3 + 32;

std::string text(uint64_t number) { return std::to_string(number); }

template <class F>
F readField(ByteReader& reader);
template <>
Fq readField<Fq>(ByteReader& reader) {
  return Fq::fromWords(reader.words());
}
template <>
Fq2 readField<Fq2>(ByteReader& reader) {
  const Fq c0 = readField<Fq>(reader);
  return {c0, readField<Fq>(reader)};
}

template <class F>
bool sound(const AffinePoint<F>& point) {
  return point.x.isCanonical() && point.y.isCanonical() && onCurve(point);
}

/** A point of the header, where infinity has no place. */
template <class F>
AffinePoint<F> readHeaderPoint(ByteReader& reader, const char* name, const BinaryFile& file) {
  const F x = readField<F>(reader);
  const AffinePoint<F> point{x, readField<F>(reader)};
  if (!sound(point)) file.refuse(std::string("section 2 (header): ") + name + " is not a point of the curve");
  if (point.isInfinity()) file.refuse(std::string("section 2 (header): ") + name + " is infinity");
  if (!inSubgroup(point))
    file.refuse(std::string("section 2 (header): ") + name + " is outside the subgroup");
  return point;
}

}  // namespace

ZkeyFile::ZkeyFile(Bytes bytes) : file_(bytes, ZKEY) {
  if (ByteReader(file_.section(PROTOCOL, "protocol", 4)).word() != GROTH16) file_.refuse("is no Groth16 key");
  readHeader();
  // All sizes before any list is read: nothing is allocated for a file that ends too early.
  for (const List& list : {listInputs(), listA(), listB1(), listC(), listH()}) (void)pointBytes<Fq>(list);
  (void)pointBytes<Fq2>(listB2());
}

void ZkeyFile::readHeader() {
  ByteReader reader(file_.section(HEADER, "header", HEADER_BYTES));
  if (reader.word() != 32 || reader.words() != FqParameters::p || reader.word() != 32 ||
      reader.words() != FrParameters::p) {
    file_.refuse("section 2 (header) is not on BN254");
  }
  header_.wires = reader.word();
  header_.publicSignals = reader.word();
  const uint32_t domain = reader.word();
  if (header_.publicSignals >= header_.wires) {
    file_.refuse("section 2 (header): " + text(header_.publicSignals) + " public signals of " + text(header_.wires) +
                 " wires");
  }
  if (!std::has_single_bit(domain) || domain > 1u << Quotient::MAX_LOG_DOMAIN)
    file_.refuse("section 2 (header): a domain of " + text(domain) + ", expected a power of two up to 2^" +
                 text(Quotient::MAX_LOG_DOMAIN));
  header_.logDomain = static_cast<unsigned>(std::countr_zero(domain));
  header_.alpha1 = readHeaderPoint<Fq>(reader, "alpha1", file_);
  header_.beta1 = readHeaderPoint<Fq>(reader, "beta1", file_);
  header_.beta2 = readHeaderPoint<Fq2>(reader, "beta2", file_);
  header_.gamma2 = readHeaderPoint<Fq2>(reader, "gamma2", file_);
  header_.delta1 = readHeaderPoint<Fq>(reader, "delta1", file_);
  header_.delta2 = readHeaderPoint<Fq2>(reader, "delta2", file_);
}

ZkeyFile::List ZkeyFile::listInputs() const { return {3, "IC", size_t{header_.publicSignals} + 1}; }
ZkeyFile::List ZkeyFile::listA() const { return {5, "A", header_.wires}; }
ZkeyFile::List ZkeyFile::listB1() const { return {6, "B1", header_.wires}; }
ZkeyFile::List ZkeyFile::listB2() const { return {7, "B2", header_.wires}; }
ZkeyFile::List ZkeyFile::listC() const { return {8, "C", size_t{header_.wires} - header_.publicSignals - 1}; }
ZkeyFile::List ZkeyFile::listH() const { return {9, "H", header_.domain()}; }

template <class F>
Bytes ZkeyFile::pointBytes(const List& list) const {
  return file_.section(list.id, list.name, uint64_t{list.count} * sizeof(AffinePoint<F>));
}

template <class F>
HugeBuffer<AffinePoint<F>> ZkeyFile::points(const List& list, ThreadPool& pool) const {
  const Bytes bytes = pointBytes<F>(list);
  // A copy, because a section starts at no multiple of 8.
  HugeBuffer<AffinePoint<F>> points(list.count);
  const size_t bad = firstRefused(list.count, pool, [&](size_t begin, size_t end) {
    std::memcpy(points.data() + begin, bytes.data() + begin * sizeof points[0], (end - begin) * sizeof points[0]);
    for (size_t i = begin; i < end; i++)
      if (!sound(points[i])) return i;
    return end;
  });
  if (bad < list.count) {
    file_.refuse("section " + text(list.id) + " (" + list.name + "): point " + text(bad) + " of " + text(list.count) +
                 " is not on the curve");
  }
  return points;
}

HugeBuffer<AffineG1> ZkeyFile::inputPoints(ThreadPool& pool) const { return points<Fq>(listInputs(), pool); }
HugeBuffer<AffineG1> ZkeyFile::pointsA(ThreadPool& pool) const { return points<Fq>(listA(), pool); }
HugeBuffer<AffineG1> ZkeyFile::pointsB1(ThreadPool& pool) const { return points<Fq>(listB1(), pool); }
HugeBuffer<AffineG2> ZkeyFile::pointsB2NoSubgroupCheck(ThreadPool& pool) const { return points<Fq2>(listB2(), pool); }
HugeBuffer<AffineG1> ZkeyFile::pointsC(ThreadPool& pool) const { return points<Fq>(listC(), pool); }
HugeBuffer<AffineG1> ZkeyFile::pointsH(ThreadPool& pool) const { return points<Fq>(listH(), pool); }

void ZkeyFile::refuseB2(size_t index) const {
  file_.refuse("section 7 (B2): point " + text(index) + " of " + text(header_.wires) + " is outside the subgroup");
}

HugeBuffer<Coefficient> ZkeyFile::coefficients(ThreadPool& pool) const {
  const Bytes section = file_.section(COEFFICIENTS, "coefficients");
  if (section.size() < 4) file_.refuse("section 4 (coefficients) has no count");
  const uint32_t count = ByteReader(section).word();
  const Bytes bytes = file_.section(COEFFICIENTS, "coefficients", 4 + uint64_t{count} * COEFFICIENT_BYTES).subspan(4);
  HugeBuffer<Coefficient> coefficients(count);
  const size_t bad = firstRefused(count, pool, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; i++) {
      ByteReader reader(bytes.subspan(i * COEFFICIENT_BYTES, COEFFICIENT_BYTES));
      Coefficient& one = coefficients[i];
      one.matrix = reader.word();
      one.row = reader.word();
      one.wire = reader.word();
      one.value = Fr::fromWords(reader.words());
      if (one.matrix > 1 || one.row >= header_.domain() || one.wire >= header_.wires || !one.value.isCanonical()) return i;
    }
    return end;
  });
  if (bad < count) {
    const Coefficient& one = coefficients[bad];
    const std::string where = "section 4 (coefficients): coefficient " + text(bad) + " of " + text(count);
    if (one.matrix > 1) file_.refuse(where + " is of matrix " + text(one.matrix) + ", expected 0 or 1");
    if (one.row >= header_.domain())
      file_.refuse(where + " is in row " + text(one.row) + " of a domain of " + text(header_.domain()));
    if (one.wire >= header_.wires)
      file_.refuse(where + " is of wire " + text(one.wire) + " of " + text(header_.wires));
    file_.refuse(where + " is not below r");
  }
  return coefficients;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
