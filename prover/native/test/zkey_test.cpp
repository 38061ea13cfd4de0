// SPDX-License-Identifier: GPL-3.0-or-later
// Each fault of a key or a witness file is refused, with the section and the bound that it breaks.
#include <functional>

#include "check.hpp"
#include "curve/subgroup.hpp"
#include "file_editor.hpp"
#include "groth16/proving_key.hpp"
#include "groth16/witness_file.hpp"
#include "key_files.hpp"

using namespace phalanx;

namespace {

using Edit = std::function<void(FileEditor&)>;

const CancelToken never;

/** The file `product.<kind>` with one fault is refused in words that contain `expected`. */
void refused(const char* kind, const char* expected, const Edit& edit) {
  FileEditor file{readFile(std::string("product.") + kind)};
  edit(file);
  ThreadPool pool(2);
  const bool isKey = std::string("zkey") == kind;
  try {
    if (isKey)
      ProvingKey(file.bytes, pool, never, {});
    else
      readWitnessFile(file.bytes, pool);
  } catch (const FormatError& error) {
    if (std::string(error.what()).find(expected) == std::string::npos)
      phalanx_test::fail(expected, 0, error.what());
    CHECK(std::string(isKey ? "ZKEY_REFUSED" : "WTNS_REFUSED") == error.code());
    return;
  }
  phalanx_test::fail(expected, 0, "was not refused");
}

void keyRefused(const char* expected, const Edit& edit) { refused("zkey", expected, edit); }
void witnessRefused(const char* expected, const Edit& edit) { refused("wtns", expected, edit); }

/** Offsets in section 2. */
constexpr size_t Q = 4, R = 40, WIRES = 72, PUBLIC = 76, DOMAIN = 80, ALPHA1 = 84, BETA2 = ALPHA1 + 128,
                 GAMMA2 = BETA2 + 128, DELTA1 = GAMMA2 + 128, DELTA2 = DELTA1 + 64;

/** A point of G2's curve that is not in the subgroup: all but one in 10^77 that one tries are not. */
AffineG2 outsideSubgroup() {
  for (uint64_t i = 1;; i++) {
    // y^2 = x^3 + b has a root for every second x: u^((q^2+7)/16)-style roots are not needed, x in Fq and luck are.
    const Fq2 x{Fq::fromInteger(i), Fq::zero()};
    const Fq2 square = sqr(x) * x + curveB<Fq2>;
    // A root of c0 + c1 u by the norm: sqrt((c0 + sqrt(c0^2 + c1^2)) / 2).
    const Words quarter = shiftRight(addWords(FqParameters::p, Words{1, 0, 0, 0}), 2);
    const auto root = [&](const Fq& value) { return pow(value, quarter); };
    const Fq norm = root(sqr(square.c0) + sqr(square.c1));
    const Fq half = inverseOfSmall<Fq>(2);
    for (const Fq& signedNorm : {norm, neg(norm)}) {
      const Fq y0 = root((square.c0 + signedNorm) * half);
      if (y0.isZero()) continue;
      const AffineG2 point{x, {y0, square.c1 * half * inv(y0)}};
      if (onCurve(point) && !inSubgroup(point)) return point;
    }
  }
}

}  // namespace

TEST(the_files_themselves_are_taken) {
  ThreadPool pool(2);
  const ProvingKey key(readFile("product.zkey"), pool, never, {});
  CHECK(key.bytes() > 0);
  CHECK(readWitnessFile(readFile("product.wtns"), pool).size() == key.header().wires);
}

TEST(containers) {
  keyRefused("ends within its first 12 bytes", [](FileEditor& f) { f.bytes.resize(11); });
  keyRefused("does not begin with \"zkey\"", [](FileEditor& f) { f.bytes[0] ^= 1; });
  keyRefused("is of version 2, expected 1", [](FileEditor& f) { f.write<uint32_t>(4, 2); });
  keyRefused("sections, at most", [](FileEditor& f) { f.write<uint32_t>(8, 0xffffffff); });
  keyRefused("ends before section 11 of 11", [](FileEditor& f) { f.write<uint32_t>(8, 11); });
  keyRefused("bytes after its last section", [](FileEditor& f) { f.write<uint32_t>(8, 9); });
  keyRefused("bytes after its last section", [](FileEditor& f) { f.bytes.push_back(0); });
  keyRefused("lacks section 9", [](FileEditor& f) { f.write<uint32_t>(f.section(9), 77); });
  keyRefused("has section 5 twice", [](FileEditor& f) { f.write<uint32_t>(f.section(6), 5); });
  keyRefused("section 10 has a length of", [](FileEditor& f) { f.bytes.pop_back(); });
  keyRefused("section 4 has a length of 18446744073709551615",
             [](FileEditor& f) { f.write<uint64_t>(f.section(4) + 4, ~uint64_t{0}); });
  // Overlapping the next section by one byte: everything after it is out of step.
  keyRefused("section", [](FileEditor& f) { f.write<uint64_t>(f.section(5) + 4, f.read<uint64_t>(f.section(5) + 4) + 1); });
}

TEST(headers) {
  keyRefused("is no Groth16 key", [](FileEditor& f) { f.write<uint32_t>(f.content(1), 2); });
  keyRefused("section 2 (header) has", [](FileEditor& f) { f.resize(2, -1); });
  keyRefused("not on BN254", [](FileEditor& f) { f.bytes[f.content(2) + Q] ^= 1; });
  keyRefused("not on BN254", [](FileEditor& f) { f.bytes[f.content(2) + R] ^= 1; });
  keyRefused("not on BN254", [](FileEditor& f) { f.write<uint32_t>(f.content(2), 48); });
  keyRefused("a domain of 0", [](FileEditor& f) { f.write<uint32_t>(f.content(2) + DOMAIN, 0); });
  keyRefused("a domain of 3", [](FileEditor& f) { f.write<uint32_t>(f.content(2) + DOMAIN, 3); });
  keyRefused("a domain of 268435456", [](FileEditor& f) { f.write<uint32_t>(f.content(2) + DOMAIN, 1u << 28); });
  keyRefused("section 9 (H) has", [](FileEditor& f) { f.write<uint32_t>(f.content(2) + DOMAIN, 1u << 27); });
  keyRefused("section 5 (A) has", [](FileEditor& f) { f.write<uint32_t>(f.content(2) + WIRES, 0xffffffff); });
  keyRefused("public signals of", [](FileEditor& f) { f.write<uint32_t>(f.content(2) + PUBLIC, 0xffffffff); });
  keyRefused("public signals of 0 wires", [](FileEditor& f) { f.write<uint32_t>(f.content(2) + WIRES, 0); });
  keyRefused("section 3 (IC) has", [](FileEditor& f) { f.write<uint32_t>(f.content(2) + PUBLIC, 1); });
  keyRefused("alpha1 is not a point of the curve", [](FileEditor& f) { f.bytes[f.content(2) + ALPHA1] ^= 1; });
  keyRefused("delta1 is infinity", [](FileEditor& f) {
    for (size_t i = 0; i < 64; i++) f.bytes[f.content(2) + DELTA1 + i] = 0;
  });
  keyRefused("gamma2 is not a point of the curve", [](FileEditor& f) { f.bytes[f.content(2) + GAMMA2 + 96] ^= 1; });
  keyRefused("delta2 is outside the subgroup",
             [](FileEditor& f) { f.write(f.content(2) + DELTA2, outsideSubgroup()); });
}

TEST(points) {
  for (const auto& [id, name] : {std::pair{3u, "(IC)"}, {5u, "(A)"}, {6u, "(B1)"}, {7u, "(B2)"}, {8u, "(C)"}, {9u, "(H)"}}) {
    keyRefused(name, [&](FileEditor& f) { f.resize(id, -1); });
    keyRefused(name, [&](FileEditor& f) { f.resize(id, 64); });
    const size_t size = id == 7 ? 128 : 64;
    // The last point, and in it a coordinate that is off, then one that is the same number again plus q.
    const auto last = [&](const FileEditor& f) { return f.section(id) + 12 + f.read<uint64_t>(f.section(id) + 4) - size; };
    keyRefused((std::string(name) + ": point ").c_str(), [&](FileEditor& f) { f.bytes[last(f) + 1] ^= 4; });
    keyRefused((std::string(name) + ": point ").c_str(), [&](FileEditor& f) {
      f.write(last(f), addWords(f.read<Words>(last(f)), FqParameters::p));
    });
  }
  keyRefused("section 7 (B2): point 1 of", [](FileEditor& f) { f.write(f.content(7) + 128, outsideSubgroup()); });
}

TEST(points_at_infinity_are_taken_in_lists) {
  FileEditor file{readFile("product.zkey")};
  for (size_t i = 0; i < 64; i++) file.bytes[file.content(9) + i] = 0;
  ThreadPool pool(2);
  ProvingKey(file.bytes, pool, never, {});
}

TEST(coefficients) {
  keyRefused("section 4 (coefficients) has no count", [](FileEditor& f) {
    f.resize(4, -static_cast<int64_t>(f.read<uint64_t>(f.section(4) + 4)));
  });
  keyRefused("section 4 (coefficients) has", [](FileEditor& f) { f.write<uint32_t>(f.content(4), 0xffffffff); });
  keyRefused("section 4 (coefficients) has", [](FileEditor& f) { f.resize(4, -1); });
  keyRefused("coefficient 1 of", [](FileEditor& f) { f.write<uint32_t>(f.content(4) + 4 + 44, 2); });
  keyRefused("is of matrix 2", [](FileEditor& f) { f.write<uint32_t>(f.content(4) + 4, 2); });
  keyRefused("is in row 4294967295", [](FileEditor& f) { f.write<uint32_t>(f.content(4) + 8, 0xffffffff); });
  keyRefused("is of wire", [](FileEditor& f) {
    f.write<uint32_t>(f.content(4) + 12, f.read<uint32_t>(f.content(2) + WIRES));
  });
  keyRefused("is not below r", [](FileEditor& f) { f.write(f.content(4) + 16, FrParameters::p); });
}

TEST(witnesses) {
  witnessRefused("does not begin with \"wtns\"", [](FileEditor& f) { f.bytes[3] = 'z'; });
  witnessRefused("is of version 1", [](FileEditor& f) { f.write<uint32_t>(4, 1); });
  witnessRefused("is not BN254's", [](FileEditor& f) { f.bytes[f.content(1) + 4] ^= 1; });
  witnessRefused("counts no values", [](FileEditor& f) { f.write<uint32_t>(f.content(1) + 36, 0); });
  witnessRefused("section 2 (values) has", [](FileEditor& f) { f.write<uint32_t>(f.content(1) + 36, 0xffffffff); });
  witnessRefused("section 2 (values) has", [](FileEditor& f) { f.resize(2, -1); });
  witnessRefused("section 2 has a length of", [](FileEditor& f) { f.bytes.pop_back(); });
  witnessRefused("value 2 is not below r", [](FileEditor& f) { f.write(f.content(2) + 64, FrParameters::p); });
  witnessRefused("value 0 is not 1", [](FileEditor& f) { f.write(f.content(2), Words{2, 0, 0, 0}); });
}

TEST_MAIN_WITH_KEYS
