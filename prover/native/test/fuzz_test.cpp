// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever is done to a key or a witness file, it is taken or refused, and no more: the sanitizers look on.
#include <chrono>
#include <cstdlib>
#include <random>

#include "check.hpp"
#include "file_editor.hpp"
#include "groth16/prove.hpp"
#include "groth16/witness_file.hpp"
#include "key_files.hpp"

using namespace phalanx;

namespace {

const CancelToken never;
using Clock = std::chrono::steady_clock;

constexpr auto BUDGET = std::chrono::seconds(6);

/** A file that is taken must also be fit for use. */
bool takes(const FileEditor& zkey, const FileEditor& wtns, ThreadPool& pool) {
  try {
    const Witness witness = readWitnessFile(wtns.bytes, pool);
    const ProvingKey key(zkey.bytes, pool, never, {});
    prove(key, witness.span(), Blinding::draw(), pool, never, {});
    return true;
  } catch (const CodedError&) {
    return false;
  }
}

/** One to four edits, of the kinds that parsers get wrong. */
void mutate(FileEditor& file, std::mt19937_64& random) {
  const auto below = [&](size_t bound) { return bound == 0 ? 0 : random() % bound; };
  constexpr uint64_t NUMBERS[] = {0, 1, 2, 0x7f, 0xff, 0x7fffffff, 0x80000000, 0xffffffff, 1u << 20, 1u << 27, 1u << 28,
                                  0xfffffffffffffff4, 0x7fffffffffffffff, 0xffffffffffffffff};
  for (size_t edits = 1 + below(4); edits > 0 && file.bytes.size() > 24; edits--) {
    const size_t size = file.bytes.size();
    switch (below(7)) {
      case 0:
        file.bytes[below(size)] ^= static_cast<uint8_t>(1u << below(8));
        break;
      case 1:
        file.write<uint32_t>(below(size - 4), static_cast<uint32_t>(NUMBERS[below(std::size(NUMBERS))]));
        break;
      case 2:
        file.write<uint64_t>(below(size - 8), NUMBERS[below(std::size(NUMBERS))]);
        break;
      case 3:
        file.bytes.resize(below(size));
        break;
      case 4: {
        // The section table: an id, or a length, a little off or altogether.
        size_t at = 12;
        try {
          at = file.section(static_cast<uint32_t>(1 + below(10)));
        } catch (const std::out_of_range&) {
        }
        if (below(2))
          file.write<uint32_t>(at, static_cast<uint32_t>(below(12)));
        else
          file.write<uint64_t>(at + 4, below(2) ? file.read<uint64_t>(at + 4) + below(129) - 64
                                                : NUMBERS[below(std::size(NUMBERS))]);
        break;
      }
      case 5: {
        const size_t length = below(256), from = below(size), to = below(size);
        for (size_t i = 0; i < length && from + i < size && to + i < size; i++) file.bytes[to + i] = file.bytes[from + i];
        break;
      }
      default: {
        const auto at = file.bytes.begin() + static_cast<std::ptrdiff_t>(below(size));
        file.bytes.insert(at, below(80), static_cast<uint8_t>(random()));
      }
    }
  }
}

}  // namespace

TEST(every_truncation_is_refused) {
  ThreadPool pool(1);
  const FileEditor zkey{readFile("product.zkey")}, wtns{readFile("product.wtns")};
  CHECK(takes(zkey, wtns, pool));
  for (size_t length = 0; length < zkey.bytes.size(); length++) {
    // In a buffer of just that size, so that one byte further is the sanitizer's.
    const std::vector<uint8_t> cut(zkey.bytes.begin(), zkey.bytes.begin() + static_cast<std::ptrdiff_t>(length));
    CHECK_THROWS(ProvingKey(cut, pool, never, {}), FormatError, true);
  }
  for (size_t length = 0; length < wtns.bytes.size(); length++) {
    const std::vector<uint8_t> cut(wtns.bytes.begin(), wtns.bytes.begin() + static_cast<std::ptrdiff_t>(length));
    CHECK_THROWS(readWitnessFile(cut, pool), FormatError, true);
  }
}

TEST(mutations) {
  const char* given = std::getenv("PHALANX_FUZZ_SEED");
  const uint64_t seed = given ? std::strtoull(given, nullptr, 0) : std::random_device()();
  std::printf("PHALANX_FUZZ_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::fflush(stdout);
  std::mt19937_64 random(seed);
  ThreadPool pool(1);
  const FileEditor zkey{readFile("product.zkey")}, wtns{readFile("product.wtns")};
  size_t runs = 0, taken = 0;
  for (const auto end = Clock::now() + BUDGET; Clock::now() < end; runs++) {
    FileEditor key = zkey, witness = wtns;
    const bool both = random() % 8 == 0, keyOnly = random() % 4 != 0;
    if (both || keyOnly) mutate(key, random);
    if (both || !keyOnly) mutate(witness, random);
    key.bytes.shrink_to_fit();
    witness.bytes.shrink_to_fit();
    taken += takes(key, witness, pool);
  }
  std::printf("%zu files, %zu taken\n", runs, taken);
  CHECK(runs > 100);
}

TEST_MAIN_WITH_KEYS
