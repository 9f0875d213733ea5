#ifndef VEILSUM_RLWE_TABLES_H_
#define VEILSUM_RLWE_TABLES_H_

#include <vector>

#include "ring/base_convert.h"
#include "rlwe/context.h"

namespace veilsum::rlwe {

/// One key-switching digit at one level: the residues [begin, end) of q, and their extension to
/// the other residues of q_0..q_level, p, in that order.
struct Digit {
  std::size_t begin, end;
  ring::BaseConverter extend;

  bool owns(std::size_t i) const { return i >= begin && i < end; }
  /// The place of residue i, which the digit does not own, in the extension.
  std::size_t target(std::size_t i) const { return i < begin ? i : i - (end - begin); }
};

struct Context::Tables {
  explicit Tables(ParameterSet parameters);

  ParameterSet set;
  std::vector<ring::BasisPtr> q, qp;  // one for each level
  ring::BasisPtr p;
  std::vector<std::vector<Digit>> digits;  // one list for each level
  std::vector<std::shared_ptr<const ring::Division>> by_p;
  std::vector<std::uint64_t> p_mod_q;    // P mod q_i
  std::vector<double> key_switch_error;  // keySwitchErrorNoise, one for each level
};

/// keySwitchErrorNoise, from the other tables.
double keySwitchErrorBound(const Context::Tables& tables, std::size_t level);

}  // namespace veilsum::rlwe

#endif  // VEILSUM_RLWE_TABLES_H_
