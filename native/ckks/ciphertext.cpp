#include "ckks/ciphertext.h"

#include <algorithm>
#include <cmath>

#include "ckks/noise.h"

namespace veilsum::ckks {

namespace {

// The shape of `body`: 2 parts or more over q_0..q_level, reduced, and c_1 not zero.
void requireWellFormed(const rlwe::Ciphertext<ring::Eval>& body) {
  require(body.context != nullptr && body.parts.size() >= 2, Code::kCorrupt,
          "a CKKS ciphertext has at least two parts");
  for (const auto& part : body.parts) {
    require(!part.empty() && part.size() == body.parts[0].size() &&
                part.size() <= body.context->maxLevel() + 1 &&
                part.basis() == *body.context->basisQ(part.size() - 1),
            Code::kCorrupt, "a ciphertext's parts must be over the first primes of its chain");
    for (std::size_t i = 0; i < part.size(); ++i) {
      const std::uint64_t q = part.basis().modulus(i).value();
      require(std::all_of(part.residue(i), part.residue(i) + part.n(),
                          [q](std::uint64_t word) { return word < q; }),
              Code::kCorrupt, "a ciphertext holds a residue that is not below its prime");
    }
  }
  const auto words = body.parts[1].words();
  require(std::any_of(words.begin(), words.end(), [](std::uint64_t word) { return word != 0; }),
          Code::kCorrupt, "a ciphertext with c_1 = 0 is transparent: its message is in the clear");
}

}  // namespace

double capacityBits(const Ciphertext& c) {
  return log2Limit(*c.context(), c.level()) - std::log2(c.norm());
}

Ciphertext adopt(rlwe::Ciphertext<ring::Eval>&& body, double scale, double noise, double message) {
  require(std::isnormal(scale) && scale > 0, Code::kCorrupt,
          "a ciphertext's scale must be a finite positive number");
  require(std::isfinite(noise) && noise >= 0 && std::isfinite(message) && message >= 0,
          Code::kCorrupt, "a ciphertext's bounds must be finite and not negative");
  requireWellFormed(body);
  Ciphertext result{std::move(body), scale, noise, message};
  requireCapacity(*result.context(), result.level(), result.norm(), "loading a ciphertext");
  return result;
}

}  // namespace veilsum::ckks
