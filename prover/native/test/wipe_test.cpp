// SPDX-License-Identifier: GPL-3.0-or-later
// What a proof leaves in memory that is given back: every block is looked through for values of the witness.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "check.hpp"
#include "groth16/prove.hpp"
#include "groth16/witness_file.hpp"
#include "key_files.hpp"
#include "msm/msm.hpp"
#include "parallel/secret_buffer.hpp"

using namespace phalanx;

namespace {

constexpr size_t SECRETS = 8;
std::array<Words, SECRETS> secrets;
std::atomic<bool> watching{false};
std::atomic<size_t> blocks{0}, found{0};

/** A block's size stands before it. */
void* take(size_t bytes, size_t alignment) {
  void* const start = std::aligned_alloc(alignment, (bytes + 2 * alignment - 1) / alignment * alignment);
  if (!start) throw std::bad_alloc();
  char* const block = static_cast<char*>(start) + alignment;
  std::memcpy(block - sizeof bytes, &bytes, sizeof bytes);
  return block;
}

void giveBack(void* memory, size_t alignment) noexcept {
  if (!memory) return;
  const char* const block = static_cast<const char*>(memory);
  size_t bytes;
  std::memcpy(&bytes, block - sizeof bytes, sizeof bytes);
  if (watching) {
    blocks++;
    for (size_t at = 0; at + sizeof(Words) <= bytes; at += sizeof(uint64_t))
      found += std::ranges::any_of(
          secrets, [&](const Words& secret) { return std::memcmp(block + at, secret.data(), sizeof secret) == 0; });
  }
  // What is found is counted once, not again in a block that takes this one's place.
  wipe(std::span(static_cast<char*>(memory), bytes));
  std::free(static_cast<char*>(memory) - alignment);
}

constexpr size_t ALIGNMENT = alignof(std::max_align_t);

}  // namespace

void* operator new(size_t bytes) { return take(bytes, ALIGNMENT); }
void* operator new(size_t bytes, std::align_val_t alignment) { return take(bytes, static_cast<size_t>(alignment)); }
void operator delete(void* memory) noexcept { giveBack(memory, ALIGNMENT); }
void operator delete(void* memory, size_t) noexcept { giveBack(memory, ALIGNMENT); }
void operator delete(void* memory, std::align_val_t alignment) noexcept {
  giveBack(memory, static_cast<size_t>(alignment));
}
void operator delete(void* memory, size_t, std::align_val_t alignment) noexcept {
  giveBack(memory, static_cast<size_t>(alignment));
}

namespace {

const CancelToken never;
const Progress ignore;

/** Values all over a list that stand nowhere by chance; the first half or the second of `secrets`. */
void choose(std::span<const Words> values, size_t half) {
  size_t chosen = 0;
  for (size_t i = 1; i < values.size() && chosen < SECRETS / 2; i += values.size() / SECRETS)
    if (values[i][3] != 0) secrets[half * (SECRETS / 2) + chosen++] = values[i];
  CHECK(chosen == SECRETS / 2);
}

/** Else the compiler leaves out what is written to memory that nobody reads. */
void keep(const void* memory) { asm volatile("" : : "r"(memory) : "memory"); }

}  // namespace

TEST(the_search_finds_what_is_not_wiped) {
  secrets.fill(Words{1, 2, 3, 4});
  watching = true;
  {
    const std::vector<Words> plain(100, secrets[0]);
    keep(plain.data());
  }
  {
    HugeBuffer<Words> plain(3);
    plain[2] = secrets[0];
    keep(plain.data());
  }
  CHECK(found == 101);
  {
    SecretBuffer<Words> wiped(3);
    wiped[2] = secrets[0];
    keep(wiped.data());
  }
  {
    SecretBuffer<Words> first(3), second(5);
    second[4] = secrets[0];
    keep(second.data());
    second = std::move(first);
  }
  watching = false;
  CHECK(found == 101);
}

TEST(a_proof_gives_back_no_value_of_its_witness_or_quotient) {
  ThreadPool pool(3);
  auto key = std::make_unique<const ProvingKey>(readFile("chain.zkey"), pool, never, ignore);
  const std::vector<uint8_t> wtns = readFile("chain.wtns");
  auto witness = std::make_unique<Witness>(readWitnessFile(wtns, pool));
  std::vector<Words> quotient(key->header().domain());
  key->quotient().evaluate(witness->span(), quotient, pool, never);
  choose(witness->span(), 0);
  choose(quotient, 1);
  blocks = found = 0;
  watching = true;
  prove(*key, witness->span(), Blinding::draw(), pool, never, ignore);
  witness.reset();
  key.reset();
  releaseMsmMemory();
  watching = false;
  CHECK(blocks > 10);
  CHECK(found == 0);
}

TEST_MAIN_WITH_KEYS
