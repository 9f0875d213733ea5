#include "bfv/ciphertext.h"

#include <algorithm>
#include <cmath>

#include "bfv/noise.h"
#include "bfv/operands.h"

namespace veilsum::bfv {

Ciphertext adopt(ContextPtr context, rlwe::Ciphertext<ring::Coeff>&& body, double log2_noise) {
  require(body.context != nullptr, Code::kCorrupt, "a ciphertext without a context");
  requireKeyOf(context, body.context);
  require(body.parts.size() == 2 || body.parts.size() == 3, Code::kCorrupt,
          "a ciphertext has two or three parts");
  const std::size_t level = body.level();
  requireLevel(context, level);
  for (const auto& part : body.parts) {
    require(part.basis() == *context->rlwe()->basisQ(level), Code::kCorrupt,
            "a ciphertext's parts are at one level of its modulus chain");
    for (std::size_t i = 0; i < part.size(); ++i) {
      const std::uint64_t q = part.basis().modulus(i).value();
      require(std::all_of(part.residue(i), part.residue(i) + part.n(),
                          [q](std::uint64_t x) { return x < q; }),
              Code::kCorrupt, "a ciphertext holds a residue that is not below its prime");
    }
  }
  const auto c1 = body.parts[1].words();
  require(std::any_of(c1.begin(), c1.end(), [](std::uint64_t x) { return x != 0; }), Code::kCorrupt,
          "the ciphertext is transparent: its c_1 is zero");
  require(std::isfinite(log2_noise) && log2_noise >= 0, Code::kCorrupt,
          "a noise bound is a finite number of bits, zero or more");
  requireBudget(*context, level, 0, log2_noise, "taking over a ciphertext");
  return {std::move(context), std::move(body), log2_noise};
}

}  // namespace veilsum::bfv
