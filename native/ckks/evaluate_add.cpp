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

using RowOperation = void (*)(const Modulus&, std::size_t, rows::ConstRow, rows::ConstRow,
                              rows::Row);

Poly<Eval> combine(const Poly<Eval>& a, const Poly<Eval>& b, const ring::BasisPtr& basis,
                   RowOperation operation) {
  Poly<Eval> result(basis, unset);
  for (std::size_t i = 0; i < basis->size(); ++i) {
    operation(basis->modulus(i), basis->n(), a.residue(i), b.residue(i), result.residue(i));
  }
  return result;
}

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
      if (subtract) ring::negate(parts.back());
    } else {
      parts.push_back(combine(x[i], y[i], basis, subtract ? rows::sub : rows::add));
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

  Ciphertext result = dropTo(a, level);
  for (std::size_t i = 0; i <= level; ++i) {
    (subtract ? rows::sub : rows::add)(a.context()->basisQ(level)->modulus(i), a.context()->n(),
                                       result.body.parts[0].residue(i), b.poly->residue(i),
                                       result.body.parts[0].residue(i));
  }
  result.noise = bounds.noise();
  result.message = bounds.message();
  return result;
}

// The sum of rows in one pass, reduced only when 64 bits could overflow.
void sumRows(const Modulus& q, std::size_t n, std::span<const rows::ConstRow> terms,
             rows::Row out) {
  constexpr std::size_t kBlock = 512;  // words of the sum that stay in the cache
  const std::size_t run = (std::size_t{1} << (64 - q.bits())) - 1;
  for (std::size_t begin = 0; begin < n; begin += kBlock) {
    const std::size_t count = std::min(kBlock, n - begin);
    rows::Row sum = out + begin;
    std::copy_n(terms[0] + begin, count, sum);
    std::size_t held = 1;  // terms, or reduced sums, that the words hold
    for (std::size_t t = 1; t < terms.size(); ++t) {
      if (held == run) {
        for (std::size_t k = 0; k < count; ++k) sum[k] = q.reduce(sum[k]);
        held = 1;
      }
      const rows::ConstRow term = terms[t] + begin;
      for (std::size_t k = 0; k < count; ++k) sum[k] += term[k];
      ++held;
    }
    for (std::size_t k = 0; k < count; ++k) sum[k] = q.reduce(sum[k]);
  }
}

}  // namespace

Ciphertext add(const Ciphertext& a, const Ciphertext& b) { return addOrSub(a, b, false, "add"); }
Ciphertext sub(const Ciphertext& a, const Ciphertext& b) {
  return addOrSub(a, b, true, "subtract");
}

Ciphertext negate(const Ciphertext& a) {
  Ciphertext result = a.copy();
  for (auto& part : result.body.parts) ring::negate(part);
  result.body.seed.reset();
  return result;
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
      sumRows(part.basis().modulus(i), part.n(), present, part.residue(i));
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
