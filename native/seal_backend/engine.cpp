#include "seal_backend/engine.h"

#include <utility>

namespace veilsum::seal_backend {

namespace {

seal::EncryptionParameters parametersOf(const rlwe::ParameterSet& set, seal::scheme_type scheme) {
  require(set.p.size() == 1 && set.digit_primes == 1, Code::kUnsupported,
          "Microsoft SEAL switches keys with exactly one special prime and digits of one prime; "
          "take parameters with one special prime, or the backend core");
  std::vector<seal::Modulus> primes(set.q.begin(), set.q.end());
  primes.emplace_back(set.p[0]);
  seal::EncryptionParameters parameters(scheme);
  parameters.set_poly_modulus_degree(set.n);
  parameters.set_coeff_modulus(primes);
  return parameters;
}

template <class Make>
EnginePtr orUnsupported(Make&& make) {
  try {
    return make();
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    throw Error(Code::kUnsupported,
                std::string("Microsoft SEAL refuses these parameters: ") + e.what());
  }
}

}  // namespace

EnginePtr Engine::ckks(const rlwe::ContextPtr& rlwe) {
  return orUnsupported([&] {
    const auto parameters = parametersOf(rlwe->parameters(), seal::scheme_type::ckks);
    return EnginePtr(new Engine(rlwe, parameters));
  });
}

EnginePtr Engine::bfv(const bfv::ContextPtr& bfv) {
  return orUnsupported([&] {
    auto parameters = parametersOf(bfv->rlwe()->parameters(), seal::scheme_type::bfv);
    parameters.set_plain_modulus(bfv->t());
    return EnginePtr(new Engine(bfv->rlwe(), parameters));
  });
}

Engine::Engine(rlwe::ContextPtr rlwe, const seal::EncryptionParameters& parameters)
    : rlwe_(std::move(rlwe)),
      context_(parameters, /*expand_mod_chain=*/true, seal::sec_level_type::none),
      evaluator_(context_) {  // throws where SEAL refuses the parameters
  levels_.assign(rlwe_->maxLevel() + 1, seal::parms_id_zero);
  for (auto level = context_.first_context_data(); level; level = level->next_context_data()) {
    levels_[level->parms().coeff_modulus().size() - 1] = level->parms_id();
  }
}

const seal::parms_id_type& Engine::at(std::size_t level) const {
  rlwe_->requireLevel(level);
  require(levels_[level] != seal::parms_id_zero, Code::kNoiseBudget,
          "at this level the plain modulus leaves no noise budget; stay at a higher one");
  return levels_[level];
}

}  // namespace veilsum::seal_backend
