#include <algorithm>
#include <cmath>

#include "ckks/constant.h"
#include "ckks/noise.h"
#include "ckks/operands.h"
#include "ring/rows.h"

namespace veilsum::ckks {

using arith::Modulus;
using ring::Eval;
using ring::Poly;
namespace rows = ring::rows;

namespace {

// a + b or a - b; a part that one operand lacks is zero there.
Ciphertext addOrSub(const Ciphertext& a, const Ciphertext& b, bool subtract, const char* name) {
  a.context()->requireSame(*b.context());
  const std::size_t level = std::min(a.level(), b.level());
  SumBounds bounds(a.scale);
  bounds.add(a.scale, a.noise, a.message, name);
  bounds.add(b.scale, b.noise, b.message, name);
  requireCapacity(*a.context(), level, bounds.norm(), name);

  const ring::BasisPtr& basis = a.context()->basisQ(level);
  const Parts &x = a.body.parts, &y = b.body.parts;
  Parts parts;
  for (std::size_t i = 0; i < std::max(x.size(), y.size()); ++i) {
    if (i >= y.size()) {
      parts.push_back(x[i].prefix(level + 1));
    } else if (i >= x.size()) {
      parts.push_back(y[i].prefix(level + 1));
      if (subtract) parts.back() = ring::negated(parts.back());
    } else {
      parts.push_back(subtract ? ring::sub(x[i], y[i], basis) : ring::add(x[i], y[i], basis));
    }
  }
  return assemble(a.context(), std::move(parts), bounds.scale(), bounds.noise(), bounds.message());
}

Ciphertext addOrSubPlain(const Ciphertext& a, const Plaintext& b, bool subtract, const char* name) {
  a.context()->requireSame(*b.context);
  const std::size_t level = std::min(a.level(), b.level());
  SumBounds bounds(a.scale);
  bounds.add(a.scale, a.noise, a.message, name);
  bounds.add(b.scale, b.noise, b.message, name);
  requireCapacity(*a.context(), level, bounds.norm(), name);

  const ring::BasisPtr& basis = a.context()->basisQ(level);
  const Parts& x = a.body.parts;
  Parts parts;
  parts.push_back(subtract ? ring::sub(x[0], *b.poly, basis) : ring::add(x[0], *b.poly, basis));
  for (std::size_t i = 1; i < x.size(); ++i) parts.push_back(x[i].prefix(level + 1));
  return {{a.context(), std::move(parts), a.body.seed}, a.scale, bounds.noise(), bounds.message()};
}

}  // namespace

Ciphertext add(const Ciphertext& a, const Ciphertext& b) { return addOrSub(a, b, false, "add"); }
Ciphertext sub(const Ciphertext& a, const Ciphertext& b) {
  return addOrSub(a, b, true, "subtract");
}

Ciphertext negate(const Ciphertext& a) {
  Parts parts;
  for (const Poly<Eval>& part : a.body.parts) parts.push_back(ring::negated(part));
  return assemble(a.context(), std::move(parts), a.scale, a.noise, a.message);
}

void addInto(Ciphertext& a, const Ciphertext& b) {
  if (b.level() < a.level() || b.degree() > a.degree()) {
    a = add(a, b);
    return;
  }
  a.context()->requireSame(*b.context());
  SumBounds bounds(a.scale);
  bounds.add(a.scale, a.noise, a.message, "add");
  bounds.add(b.scale, b.noise, b.message, "add");
  requireCapacity(*a.context(), a.level(), bounds.norm(), "add");
  for (std::size_t p = 0; p < b.body.parts.size(); ++p) {
    Poly<Eval>& part = a.body.parts[p];
    for (std::size_t i = 0; i < part.size(); ++i) {
      rows::add(part.basis().modulus(i), part.n(), part.residue(i), b.body.parts[p].residue(i),
                part.residue(i));
    }
  }
  a.body.seed.reset();
  a.noise = bounds.noise();
  a.message = bounds.message();
}

Ciphertext sum(CiphertextRefs terms) {
  require(!terms.empty(), Code::kUsage, "sum: no terms");
  const rlwe::ContextPtr& context = terms[0]->context();
  std::size_t level = terms[0]->level(), degree = terms[0]->degree();
  SumBounds bounds(terms[0]->scale);
  for (const Ciphertext* term : terms) {
    context->requireSame(*term->context());
    level = std::min(level, term->level());
    degree = std::max(degree, term->degree());
    bounds.add(term->scale, term->noise, term->message, "sum");
  }
  requireCapacity(*context, level, bounds.norm(), "sum");

  Parts parts;
  for (std::size_t p = 0; p <= degree; ++p) {
    Poly<Eval> part = unwritten(context, level);
    for (std::size_t i = 0; i <= level; ++i) {
      std::vector<rows::ConstRow> present;
      for (const Ciphertext* term : terms) {
        if (p <= term->degree()) present.push_back(term->body.parts[p].residue(i));
      }
      rows::sum(part.basis().modulus(i), part.n(), present, part.residue(i));
    }
    parts.push_back(std::move(part));
  }
  return assemble(context, std::move(parts), bounds.scale(), bounds.noise(), bounds.message());
}

Ciphertext addPlain(const Ciphertext& a, const Plaintext& b) {
  return addOrSubPlain(a, b, false, "add a plaintext");
}
Ciphertext subPlain(const Ciphertext& a, const Plaintext& b) {
  return addOrSubPlain(a, b, true, "subtract a plaintext");
}

Ciphertext addScalar(const Ciphertext& a, std::complex<double> value) {
  const Constant constant = Constant::ofPublic(value, a.scale);
  const double noise = a.noise + constant.noise, message = a.message + constant.magnitude;
  requireCapacity(*a.context(), a.level(), a.scale * message + noise, "add a scalar");
  Ciphertext result = a.copy();
  Poly<Eval>& c0 = result.body.parts[0];
  const std::size_t quarter = c0.n() / 4;
  for (std::size_t i = 0; i < c0.size(); ++i) {
    const ConstantRow row = constantRow(constant, c0.basis().ntt(i));
    const Modulus& q = c0.basis().modulus(i);
    for (std::size_t part = 0; part < 4; ++part) {
      std::uint64_t* words = c0.residue(i) + part * quarter;
      const std::uint64_t term = part % 2 == 0 ? row.even : row.odd;
      for (std::size_t k = 0; k < quarter; ++k) words[k] = q.add(words[k], term);
    }
  }
  result.noise = noise;
  result.message = message;
  return result;
}

}  // namespace veilsum::ckks
