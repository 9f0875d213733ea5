#ifndef VEILSUM_SEAL_BACKEND_ENGINE_H_
#define VEILSUM_SEAL_BACKEND_ENGINE_H_

#include <seal/seal.h>

#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "bfv/context.h"
#include "rlwe/keys.h"

/// Microsoft SEAL (4.1 or later) as an engine for the core's own objects: ciphertexts and keys are
/// the core's, with their public bounds; their polynomials are computed by SEAL. Both keep residues
/// and transforms in the same order, so that a conversion is a copy of words.
namespace veilsum::seal_backend {

/// A SEALContext of the core's parameters: the chain, then the one special prime. No limit of
/// SEAL's own on security: the engine's parameters have been checked. Immutable, shared.
class Engine {
 public:
  /// Code::kUnsupported for more than one special prime, for digits of more than one prime, and for
  /// what SEAL itself refuses.
  static std::shared_ptr<const Engine> ckks(const rlwe::ContextPtr& rlwe);
  static std::shared_ptr<const Engine> bfv(const bfv::ContextPtr& bfv);

  const rlwe::ContextPtr& rlwe() const { return rlwe_; }
  const seal::SEALContext& context() const { return context_; }
  const seal::Evaluator& evaluator() const { return evaluator_; }
  /// The parms_id of q_0 .. q_level. Code::kNoiseBudget where SEAL has none: t is above Q_level.
  const seal::parms_id_type& at(std::size_t level) const;

 private:
  Engine(rlwe::ContextPtr rlwe, const seal::EncryptionParameters& parameters);
  rlwe::ContextPtr rlwe_;
  seal::SEALContext context_;
  seal::Evaluator evaluator_;
  std::vector<seal::parms_id_type> levels_;
};

using EnginePtr = std::shared_ptr<const Engine>;

/// Runs a call of SEAL that changes its result in place. SEAL throws where a result is transparent
/// (c_1 = 0), after it is there: the core lets such results be, and refuses to write them, so this
/// does the same. Everything that could fail otherwise is checked before.
template <class Call>
void run(Call&& call) {
  try {
    call();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    if (std::string_view(e.what()) == "result ciphertext is transparent") return;
    throw Error(Code::kInternal, std::string("Microsoft SEAL refused a call: ") + e.what());
  }
}

}  // namespace veilsum::seal_backend

#endif  // VEILSUM_SEAL_BACKEND_ENGINE_H_
