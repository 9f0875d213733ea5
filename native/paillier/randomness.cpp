#include "paillier/randomness.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "random/stream.h"

namespace veilsum::paillier {
namespace {

std::array<SquaredModulus, kLanes> everywhere(const OddModulus& n, const OddModulus& n2) {
  std::array<SquaredModulus, kLanes> moduli;
  moduli.fill({&n, &n2});
  return moduli;
}

LaneNumbers pointers(const std::array<Limbs, kLanes>& numbers) {
  LaneNumbers result;
  for (std::size_t lane = 0; lane < kLanes; ++lane) result[lane] = &numbers[lane];
  return result;
}

}  // namespace

std::size_t exponentBits(Exponents kind, std::size_t keyBits) {
  switch (kind) {
    case Exponents::kHalf:
      return (keyBits + 1) / 2;
    case Exponents::kShort:
      return std::min<std::size_t>(keyBits <= 2048 ? 448 : 512, keyBits);
    default:
      return keyBits;
  }
}

Limbs randomExponent(Exponents kind, const OddModulus& n) {
  if (kind == Exponents::kFull || kind == Exponents::kTextbook) return systemUniform(n.value());
  const std::size_t bits = exponentBits(kind, n.bits());
  Buffer<std::uint8_t, true> bytes((bits + 7) / 8);
  random::systemRandom(bytes);
  bytes[0] &= static_cast<std::uint8_t>(0xff >> (8 * bytes.size() - bits));
  return fromBytes(bytes, n.limbs());
}

void Pool::checkCapacity(std::size_t count) {
  if (count <= kCapacity) return;
  throw Error(Code::kOutOfRange, std::to_string(count) + " Paillier encryptions ahead; at most " +
                                     std::to_string(kCapacity) + " are kept");
}

std::vector<LaneWords> Pool::take(std::size_t count) {
  const std::lock_guard lock(mutex_);
  std::vector<LaneWords> taken;
  while (taken.size() < count && !numbers_.empty()) {
    taken.push_back(std::move(numbers_.back()));
    numbers_.pop_back();
  }
  return taken;
}

void Pool::add(std::vector<LaneWords> numbers) {
  const std::lock_guard lock(mutex_);
  for (LaneWords& number : numbers) {
    if (numbers_.size() < kCapacity) numbers_.push_back(std::move(number));
  }
}

std::size_t Pool::size() const {
  const std::lock_guard lock(mutex_);
  return numbers_.size();
}

void Pool::clear() {
  const std::lock_guard lock(mutex_);
  numbers_.clear();
}

LaneWords extractLane(const SquareLanes::Element& element, std::size_t lane) {
  LaneWords words(element.size() / kLanes);
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = element[i * kLanes + lane];
  return words;
}

void insertLane(std::span<const ifma::Word> words, std::size_t lane,
                SquareLanes::Element& element) {
  for (std::size_t i = 0; i < words.size(); ++i) element[i * kLanes + lane] = words[i];
}

Randomness::Randomness(const OddModulus& n, const OddModulus& n2)
    : n_(n), n2_(n2), moduli_(everywhere(n, n2)) {}

SquareLanes::Element Randomness::textbook(SquareLanes& lanes) const {
  for (;;) {
    std::array<Limbs, kLanes> r;
    for (Limbs& number : r) number = systemUniform(n_.value());
    SquareLanes::Element powers =
        lanes.power(lanes.enter(pointers(r)), Windows(allLanes(n_.value()), n_.bits(), 6));
    // r is a unit exactly where r^N mod N is, and that becomes public: it is the ciphertext mod N.
    SquareLanes::Element pair(powers.size());
    lanes.leave(powers, nullptr, pair);
    Limbs all = fromWord(1, n_.limbs());
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      all = n_.multiplyPublic(all, gather(pair.data(), lane, moduli_.k(), n_.limbs()));
    }
    if (n_.isUnitPublic(all)) return powers;
  }
}

SquareLanes::Element Randomness::base(SquareLanes& lanes) {
  const std::lock_guard lock(baseMutex_);
  if (!base_) {
    // -(r^N)^2
    SquareLanes::Element h = std::move(take(lanes, Exponents::kTextbook, 1)[0]);
    lanes.square(h, h);
    const Limbs minusOne = n2_.subtract(fromWord(0, n2_.limbs()), fromWord(1, n2_.limbs()));
    lanes.multiply(h, lanes.enter(allLanes(minusOne)), h);
    base_ = std::move(h);
  }
  return base_->copy();
}

const FixedBase* Randomness::table(Exponents kind, bool make) {
  if (kind == Exponents::kTextbook) return nullptr;
  Source& of = source(kind);
  const std::lock_guard lock(of.mutex);
  if (of.table == nullptr && make) {
    SquareLanes lanes(moduli_);
    const SquareLanes::Element h = base(lanes);
    lanes.finish();
    of.table = std::make_unique<FixedBase>(moduli_, h, exponentBits(kind, n_.bits()));
  }
  return of.table.get();
}

std::vector<SquareLanes::Element> Randomness::fresh(SquareLanes& lanes, Exponents kind,
                                                    std::size_t groups, bool mayMakeTable) {
  if (const FixedBase* powers = table(kind, mayMakeTable)) {
    const LaneExponents x(groups, [&](std::size_t) { return randomExponent(kind, n_); });
    return powers->powers(lanes, x.numbers());
  }
  std::vector<SquareLanes::Element> result;
  while (result.size() < groups) result.push_back(textbook(lanes));
  return result;
}

std::vector<SquareLanes::Element> Randomness::take(SquareLanes& lanes, Exponents kind,
                                                   std::size_t count) {
  Source& of = source(kind);
  const std::vector<LaneWords> ready = of.ready.take(count);
  bool many = false;
  {
    const std::lock_guard lock(of.mutex);
    of.asked = std::min(of.asked, kTableAfter) + count;
    many = of.asked > kTableAfter;
  }
  const std::size_t missing = count - ready.size();
  std::vector<SquareLanes::Element> result =
      fresh(lanes, kind, (missing + kLanes - 1) / kLanes, many);
  lanes.finish();
  std::vector<LaneWords> rest;
  for (std::size_t i = missing; i < result.size() * kLanes; ++i) {
    rest.push_back(extractLane(result[i / kLanes], i % kLanes));
  }
  of.ready.add(std::move(rest));
  for (std::size_t i = 0; i < ready.size(); ++i) {
    const std::size_t at = missing + i;
    if (at / kLanes == result.size()) result.push_back(lanes.one());
    insertLane(ready[i], at % kLanes, result[at / kLanes]);
  }
  return result;
}

void Randomness::prepare(Exponents kind, std::size_t count) {
  Pool::checkCapacity(count);
  SquareLanes lanes(moduli_);
  for (std::size_t ready = prepared(kind); ready < count; ready = prepared(kind)) {
    const std::size_t groups = std::min((count - ready + kLanes - 1) / kLanes, kAtOnce / kLanes);
    const auto made = fresh(lanes, kind, groups, count > kTableAfter);
    lanes.finish();
    std::vector<LaneWords> numbers;
    for (const SquareLanes::Element& element : made) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        numbers.push_back(extractLane(element, lane));
      }
    }
    source(kind).ready.add(std::move(numbers));
  }
}

}  // namespace veilsum::paillier
