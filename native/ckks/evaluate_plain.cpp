#include <algorithm>
#include <cmath>

#include "ckks/constant.h"
#include "ckks/noise.h"
#include "ckks/operands.h"
#include "ring/rows.h"

namespace veilsum::ckks {

using ring::Eval;
using ring::Poly;
namespace rows = ring::rows;

namespace {

// At each slot (s m + e)(p v + r) = s p m v + e (p v + r) + s m r.
double productNoise(const Ciphertext& a, double factor_norm, double factor_noise) {
  const double noise = a.noise * factor_norm + a.scale * a.message * factor_noise;
  return noise + trackingNoise(a.norm() * factor_norm, 1);
}

}  // namespace

Ciphertext multiplyPlain(const Ciphertext& a, const Plaintext& b) {
  a.context()->requireSame(*b.context);
  const std::size_t level = std::min(a.level(), b.level());
  const double scale = a.scale * b.scale, message = a.message * b.message;
  const double noise = productNoise(a, b.norm(), b.noise);
  requireCapacity(*a.context(), level, scale * message + noise, "multiply by a plaintext");
  Parts parts;
  for (const Poly<Eval>& part : a.body.parts) {
    Poly<Eval> product = unwritten(a.context(), level);
    for (std::size_t i = 0; i <= level; ++i) {
      rows::mul(product.basis().modulus(i), product.n(), part.residue(i), b.poly->residue(i),
                product.residue(i));
    }
    parts.push_back(std::move(product));
  }
  return assemble(a.context(), std::move(parts), scale, noise, message);
}

Ciphertext multiplyScalar(const Ciphertext& a, std::complex<double> value, double scale) {
  const Constant constant = Constant::ofPublic(value, scale);
  const double norm = scale * constant.magnitude + constant.noise;
  const double noise = productNoise(a, norm, constant.noise);
  const double product_scale = a.scale * scale, message = a.message * constant.magnitude;
  requireCapacity(*a.context(), a.level(), product_scale * message + noise, "multiply by a scalar");
  Parts parts;
  for (const Poly<Eval>& part : a.body.parts) {
    Poly<Eval> product = unwritten(a.context(), a.level());
    const std::size_t quarter = part.n() / 4;
    for (std::size_t i = 0; i < part.size(); ++i) {
      const ConstantRow row = constantRow(constant, part.basis().ntt(i));
      for (std::size_t k = 0; k < 4; ++k) {
        rows::scale(part.basis().modulus(i), quarter, part.residue(i) + k * quarter,
                    k % 2 == 0 ? row.even : row.odd, product.residue(i) + k * quarter);
      }
    }
    parts.push_back(std::move(product));
  }
  return assemble(a.context(), std::move(parts), product_scale, noise, message);
}

Ciphertext multiplyInteger(const Ciphertext& a, std::int64_t factor) {
  const double magnitude = std::abs(static_cast<double>(factor));
  const double message = a.message * magnitude;
  const double noise = a.noise * magnitude + trackingNoise(a.norm() * magnitude, 1);
  requireCapacity(*a.context(), a.level(), a.scale * message + noise, "multiply by an integer");
  std::vector<std::uint64_t> residues;
  for (std::size_t i = 0; i <= a.level(); ++i) {
    residues.push_back(a.body.parts[0].basis().modulus(i).fromSigned(factor));
  }
  Parts parts;
  for (const Poly<Eval>& part : a.body.parts) parts.push_back(ring::scaled(part, residues));
  return assemble(a.context(), std::move(parts), a.scale, noise, message);
}

Ciphertext innerProductPlain(CiphertextRefs a, PlaintextRefs b) {
  constexpr const char* kName = "inner product with plaintexts";
  require(!a.empty() && a.size() == b.size(), Code::kUsage,
          "an inner product takes two lists of the same length, not empty");
  const rlwe::ContextPtr& context = a[0]->context();
  std::size_t level = a[0]->level(), degree = a[0]->degree();
  SumBounds bounds(a[0]->scale * b[0]->scale);
  for (std::size_t k = 0; k < a.size(); ++k) {
    context->requireSame(*a[k]->context());
    context->requireSame(*b[k]->context);
    level = std::min({level, a[k]->level(), b[k]->level()});
    degree = std::max(degree, a[k]->degree());
    bounds.add(a[k]->scale * b[k]->scale, productNoise(*a[k], b[k]->norm(), b[k]->noise),
               a[k]->message * b[k]->message, kName);
  }
  requireCapacity(*context, level, bounds.norm(), kName);

  Parts parts;
  for (std::size_t p = 0; p <= degree; ++p) {
    Poly<Eval> part = unwritten(context, level);
    for (std::size_t i = 0; i <= level; ++i) {
      std::vector<rows::ConstRow> x, y;
      for (std::size_t k = 0; k < a.size(); ++k) {
        if (p > a[k]->degree()) continue;
        x.push_back(a[k]->body.parts[p].residue(i));
        y.push_back(b[k]->poly->residue(i));
      }
      innerProductRow(part.basis().modulus(i), part.n(), x, y, part.residue(i));
    }
    parts.push_back(std::move(part));
  }
  return assemble(context, std::move(parts), bounds.scale(), bounds.noise(), bounds.message());
}

}  // namespace veilsum::ckks
