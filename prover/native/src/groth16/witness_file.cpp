// SPDX-License-Identifier: GPL-3.0-or-later
#include "witness_file.hpp"

#include <algorithm>

#include "../field/element.hpp"
#include "checked_blocks.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

namespace {

constexpr FileKind WTNS{"wtns", 2, "WTNS_REFUSED"};
constexpr uint32_t FIELD = 1, VALUES = 2;

}  // namespace

Witness readWitnessFile(Bytes bytes, ThreadPool& pool) {
  const BinaryFile file(bytes, WTNS);
  ByteReader field(file.section(FIELD, "field", 4 + 32 + 4));
  if (field.word() != 32 || field.words() != FrParameters::p) file.refuse("section 1 (field) is not BN254's");
  const uint32_t count = field.word();
  if (count == 0) file.refuse("section 1 (field) counts no values");
  const Bytes values = file.section(VALUES, "values", uint64_t{count} * 32);

  // A copy: the file's values lie at no multiple of 8, and their owner may change them meanwhile.
  Witness witness(count);
  const size_t bad = firstRefused(count, pool, [&](size_t begin, size_t end) {
    std::memcpy(witness.data() + begin, values.data() + 32 * begin, 32 * (end - begin));
    for (size_t i = begin; i < end; i++)
      if (!lessThan(witness[i], FrParameters::p)) return i;
    return end;
  });
  if (bad < count) file.refuse("section 2 (values): value " + std::to_string(bad) + " is not below r");
  if (witness[0] != Words{1, 0, 0, 0}) file.refuse("section 2 (values): value 0 is not 1");
  return witness;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
