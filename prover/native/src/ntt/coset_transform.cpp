// SPDX-License-Identifier: GPL-3.0-or-later
#include "coset_transform.hpp"

#include <algorithm>
#include <stdexcept>

#include "butterflies.hpp"
#include "roots.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

namespace {

unsigned checkedLog(unsigned log) {
  if (log < CosetTransform::MIN_LOG || log > CosetTransform::MAX_LOG)
    throw std::invalid_argument("size of a transform out of range");
  return log;
}

/** a[i] *= b[i] for i < count, a multiple of 4. */
void multiplyAll(FrLanes* a, const FrLanes* b, size_t count) {
  for (size_t i = 0; i < count; i += 4) mulN<4>(a + i, a + i, b + i);
}

}  // namespace

CosetTransform::CosetTransform(unsigned log)
    // Sweeps 1 and 3 hold three buffers of R vectors, sweep 2 one of S.
    : logRows_(checkedLog(log) / 2),
      logColumns_(log - logRows_),
      rows_(size_t{1} << logRows_),
      columns_(size_t{1} << logColumns_),
      inverseRoots_(logColumns_, inv(rootOfUnity(logColumns_))),
      roots_(logColumns_, rootOfUnity(logColumns_)),
      inverseRatios_(ratios(Fr::one(), inv(rootOfUnity(log)), columnGroups())),
      forwardRatios_(ratios(rootOfUnity(log + 1), rootOfUnity(log), columnGroups())),
      scale_(FrLanes::broadcast(laneConstant(inverseOfPowerOfTwo(log)))),
      coset_(columns_) {
  const Fr step = pow(rootOfUnity(log + 1), Words{rows_, 0, 0, 0});
  Fr power = Fr::one();
  for (size_t k = 0; k < columns_; k++, power = mul(power, step))
    coset_[reverseBits(k, logColumns_)] = laneConstant(power);
}

CosetTransform::Ratios CosetTransform::ratios(Fr first, Fr step, size_t groups) {
  Ratios made;
  Fr within[GROUP];
  Fr power = first;
  for (size_t c = 0; c < GROUP; c++, power = mul(power, step)) within[c] = power;
  for (size_t v = 0; v < VECTORS; v++) made.within[v] = fromElements(within + v * FrLanes::width);
  const Fr stride = pow(step, Words{GROUP, 0, 0, 0});
  power = Fr::one();
  made.group.reserve(groups);
  for (size_t g = 0; g < groups; g++, power = mul(power, stride)) made.group.push_back(laneConstant(power));
  return made;
}

size_t CosetTransform::bytes() const {
  return inverseRoots_.bytes() + roots_.bytes() +
         (inverseRatios_.group.capacity() + forwardRatios_.group.capacity() + coset_.capacity()) *
             sizeof(FrLanes::Constant);
}

void CosetTransform::fillTwiddles(const Ratios& ratios, const FrLanes& start, size_t group, FrLanes* twiddles) const {
  for (size_t v = 0; v < VECTORS; v++, twiddles += rows_) {
    // square[k] = ratio^(2^k): bit i of a position stands for bit logRows - 1 - i of the exponent.
    FrLanes square[MAX_LOG];
    square[0] = mul(ratios.within[v], FrLanes::broadcast(ratios.group[group]));
    for (unsigned k = 1; k < logRows_; k++) square[k] = sqr(square[k - 1]);
    twiddles[0] = start;
    for (unsigned i = 0; i < logRows_; i++) {
      const size_t done = size_t{1} << i;
      const FrLanes factor = square[logRows_ - 1 - i];
      if (done < 4) {
        for (size_t p = 0; p < done; p++) twiddles[done + p] = mul(twiddles[p], factor);
      } else {
        const FrLanes factors[4] = {factor, factor, factor, factor};
        for (size_t p = 0; p < done; p += 4) mulN<4>(twiddles + done + p, twiddles + p, factors);
      }
    }
  }
}

void CosetTransform::inverseTwiddles(size_t group, FrLanes* twiddles) const {
  fillTwiddles(inverseRatios_, FrLanes::one(), group, twiddles);
}

void CosetTransform::forwardTwiddles(size_t group, FrLanes* twiddles) const {
  fillTwiddles(forwardRatios_, scale_, group, twiddles);
}

void CosetTransform::loadColumns(size_t group, const Packed* values, FrLanes* columns) const {
  eachVector(group, [&](size_t vector, size_t at) {
    columns[vector] = loadPacked<FrParameters>(values[at].data());
  });
}

void CosetTransform::storeColumns(size_t group, const FrLanes* columns, Packed* values) const {
  eachVector(group, [&](size_t vector, size_t at) { storePacked(values[at].data(), columns[vector]); });
}

void CosetTransform::inverseColumns(FrLanes* columns, const FrLanes* twiddles) const {
  for (size_t v = 0; v < VECTORS; v++) transformDif(columns + v * rows_, logRows_, inverseRoots_);
  multiplyAll(columns, twiddles, columnVectors());
}

void CosetTransform::forwardColumns(FrLanes* columns, const FrLanes* twiddles) const {
  multiplyAll(columns, twiddles, columnVectors());
  for (size_t v = 0; v < VECTORS; v++) transformDit(columns + v * rows_, logRows_, roots_);
}

void CosetTransform::rows(size_t group, Packed* values, FrLanes* scratch) const {
  constexpr size_t width = FrLanes::width;
  Packed* const first = values + group * width * columns_;
  for (size_t c = 0; c < columns_; c++) {
    const uint64_t* address[width];
    for (size_t l = 0; l < width; l++) address[l] = first[l * columns_ + c].data();
    scratch[c] = gatherPacked<FrParameters>(address);
  }
  transformDif(scratch, logColumns_, inverseRoots_);
  for (size_t c = 0; c < columns_; c += 4) {
    FrLanes factors[4];
    for (size_t h = 0; h < 4; h++) factors[h] = FrLanes::broadcast(coset_[c + h]);
    mulN<4>(scratch + c, scratch + c, factors);
  }
  transformDit(scratch, logColumns_, roots_);
  for (size_t c = 0; c < columns_; c += width) {
    transposeLanes(scratch + c);
    for (size_t l = 0; l < width; l++) storePacked(first[l * columns_ + c].data(), scratch[c + l]);
  }
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
