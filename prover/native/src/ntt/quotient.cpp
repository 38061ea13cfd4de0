// SPDX-License-Identifier: GPL-3.0-or-later
#include "quotient.hpp"

#include <mutex>
#include <optional>
#include <stdexcept>
#include <vector>

#include "../parallel/secret_buffer.hpp"
#include "coset_transform.hpp"
#include "dense_quotient.hpp"
#include "sparse_matrix.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

namespace {

/** For domains of 64 and more. */
class FastQuotient {
 public:
  FastQuotient(std::span<const Coefficient> coefficients, unsigned logDomain, size_t wires, ThreadPool& pool)
      : transform_(logDomain) {
    pool.run(2, [&](size_t side, unsigned) {
      matrices_[side].emplace(coefficients, static_cast<uint32_t>(side), size_t{1} << logDomain, wires);
      sides_[side] = SecretBuffer<Packed>(matrices_[side]->resultSize());
    });
    provideScratch(pool.threads());
  }

  void evaluate(const Packed* witness, Packed* out, ThreadPool& pool, const CancelToken& cancel) {
    provideScratch(pool.threads());
    const size_t parts = matrices_[0]->parts();
    pool.run(parts + matrices_[1]->parts(), [&](size_t i, unsigned) {
      cancel.check();
      const size_t side = i < parts ? 0 : 1;
      matrices_[side]->multiply(side ? i - parts : i, witness, sides_[side].data());
    });
    for (size_t side = 0; side < 2; side++) matrices_[side]->finish(sides_[side].data());

    Packed* const all[3] = {sides_[0].data(), sides_[1].data(), out};
    pool.run(transform_.columnGroups(), [&](size_t group, unsigned thread) {
      cancel.check();
      inverseColumns(group, all, scratch(thread));
    });
    const size_t rowGroups = transform_.rowGroups();
    pool.run(3 * rowGroups, [&](size_t i, unsigned thread) {
      cancel.check();
      transform_.rows(i % rowGroups, all[i / rowGroups], scratch(thread).a);
    });
    pool.run(transform_.columnGroups(), [&](size_t group, unsigned thread) {
      cancel.check();
      forwardColumns(group, all, scratch(thread));
    });
  }

  size_t bytes() const {
    size_t sum = transform_.bytes() + sides_[0].bytes() + sides_[1].bytes();
    for (const auto& matrix : matrices_) sum += matrix->bytes();
    for (const SecretBuffer<FrLanes>& buffer : scratch_) sum += buffer.bytes();
    return sum;
  }

 private:
  /** A thread's buffers, each for a group of columns; `a` and `b` in a row for a group of rows. */
  struct Scratch {
    FrLanes *a, *b, *twiddles;
  };

  void provideScratch(unsigned threads) {
    const size_t vectors = std::max(3 * transform_.columnVectors(), transform_.rowVectors());
    while (scratch_.size() < threads) scratch_.emplace_back(vectors);
  }

  Scratch scratch(unsigned thread) {
    FrLanes* const start = scratch_[thread].data();
    const size_t vectors = transform_.columnVectors();
    return {start, start + vectors, start + 2 * vectors};
  }

  /** C = A*B, and the first sweep of all three. */
  void inverseColumns(size_t group, Packed* const* all, const Scratch& s) const {
    transform_.inverseTwiddles(group, s.twiddles);
    transform_.loadColumns(group, all[0], s.a);
    transform_.loadColumns(group, all[1], s.b);
    transform_.eachVector(group, [&](size_t vector, size_t at) {
      storePacked(all[2][at].data(), mul(s.a[vector], s.b[vector]));
    });
    for (size_t i = 0; i < 3; i++) {
      FrLanes* const columns = i == 0 ? s.a : s.b;
      if (i == 2) transform_.loadColumns(group, all[2], columns);
      transform_.inverseColumns(columns, s.twiddles);
      transform_.storeColumns(group, columns, all[i]);
    }
  }

  /** The last sweep of all three, and A*B - C in place of C. */
  void forwardColumns(size_t group, Packed* const* all, const Scratch& s) const {
    transform_.forwardTwiddles(group, s.twiddles);
    const auto transformed = [&](const Packed* values, FrLanes* columns) {
      transform_.loadColumns(group, values, columns);
      transform_.forwardColumns(columns, s.twiddles);
    };
    transformed(all[0], s.a);
    transformed(all[1], s.b);
    for (size_t i = 0; i < transform_.columnVectors(); i += 4) mulN<4>(s.a + i, s.a + i, s.b + i);
    transformed(all[2], s.b);
    transform_.eachVector(group, [&](size_t vector, size_t at) {
      toCanonical(all[2] + at, sub<2>(s.a[vector], s.b[vector]));
    });
  }

  CosetTransform transform_;
  std::optional<SparseMatrix> matrices_[2];
  /** The values of A and B; those of C are in the caller's `out`. */
  SecretBuffer<Packed> sides_[2];
  std::vector<SecretBuffer<FrLanes>> scratch_;
};

void check(std::span<const Coefficient> coefficients, unsigned logDomain, size_t wires) {
  if (logDomain > Quotient::MAX_LOG_DOMAIN) throw std::invalid_argument("domain out of range");
  for (const Coefficient& c : coefficients) {
    if (c.matrix > 1) throw std::invalid_argument("a coefficient's matrix is neither A nor B");
    if (c.row >> logDomain) throw std::invalid_argument("a coefficient's row is out of range");
    if (c.wire >= wires) throw std::invalid_argument("a coefficient's wire is out of range");
  }
}

}  // namespace

struct Quotient::Parts {
  size_t domain, wires;
  std::mutex oneAtATime;
  std::optional<DenseQuotient> dense;
  std::optional<FastQuotient> fast;
};

Quotient::Quotient(std::span<const Coefficient> coefficients, unsigned logDomain, size_t wires, ThreadPool& pool)
    : parts_(std::make_unique<Parts>()) {
  check(coefficients, logDomain, wires);
  parts_->domain = size_t{1} << logDomain;
  parts_->wires = wires;
  if (logDomain < CosetTransform::MIN_LOG) {
    parts_->dense.emplace(coefficients, logDomain);
  } else {
    parts_->fast.emplace(coefficients, logDomain, wires, pool);
  }
}

Quotient::~Quotient() = default;
Quotient::Quotient(Quotient&&) noexcept = default;
Quotient& Quotient::operator=(Quotient&&) noexcept = default;

void Quotient::evaluate(std::span<const std::array<uint64_t, 4>> witness, std::span<std::array<uint64_t, 4>> out,
                        ThreadPool& pool, const CancelToken& cancel) {
  if (witness.size() != parts_->wires) throw std::invalid_argument("a witness of another length");
  if (out.size() != parts_->domain) throw std::invalid_argument("a result of another length");
  cancel.check();
  const std::lock_guard turn(parts_->oneAtATime);
  if (parts_->dense) {
    parts_->dense->evaluate(witness, out);
  } else {
    parts_->fast->evaluate(witness.data(), out.data(), pool, cancel);
  }
}

size_t Quotient::bytes() const { return parts_->dense ? parts_->dense->bytes() : parts_->fast->bytes(); }

}  // namespace PHALANX_PATH
}  // namespace phalanx
