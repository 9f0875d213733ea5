#ifndef VEILSUM_SEAL_BACKEND_FACE_H_
#define VEILSUM_SEAL_BACKEND_FACE_H_

#include "bindings/object.h"

#ifdef VEILSUM_WITHOUT_SEAL
#include "seal_backend/absent.h"
#else

/// Microsoft SEAL as Java sees it. Contexts, keys, plaintexts and ciphertexts are objects of
/// bindings/, made by the core's library of the same build; an `engine` is made here. The functions
/// are those of bindings/ckks.h and bindings/bfv.h.
namespace veilsum::seal_face {

using bindings::Handle;

/// The version of SEAL, for example "4.4.3"; empty where this library was built without it. Nothing
/// else may be called then.
const char* sealVersion();

/// Bytes that this library holds now: buffers of the objects that it made, which are not in the
/// core's count, and all of SEAL's memory pool, which gives nothing back to the system.
std::int64_t allocatedBytes();

/// An engine for a context of bindings/ckks.h or bindings/bfv.h. Code::kUnsupported where SEAL
/// cannot do these parameters.
Handle ckksEngine(Handle ckks_context);
Handle bfvEngine(Handle bfv_context);

}  // namespace veilsum::seal_face

namespace veilsum::seal_face::ckks_face {

using bindings::Handle;

Handle add(Handle engine, Handle a, Handle b);
Handle sub(Handle engine, Handle a, Handle b);
Handle negate(Handle engine, Handle a);
Handle sum(Handle engine, const std::int64_t* terms, int count);
Handle addPlain(Handle engine, Handle a, Handle plaintext);
Handle subPlain(Handle engine, Handle a, Handle plaintext);
Handle addScalar(Handle engine, Handle a, double value);
Handle multiplyPlain(Handle engine, Handle a, Handle plaintext);
Handle multiplyScalar(Handle engine, Handle a, double value, double scale);
Handle multiplyInteger(Handle engine, Handle a, std::int64_t factor);
Handle innerProductPlain(Handle engine, const std::int64_t* a, const std::int64_t* plaintexts,
                         int count);
Handle multiply(Handle engine, Handle a, Handle b);
Handle innerProduct(Handle engine, const std::int64_t* a, const std::int64_t* b, int count);
Handle relinearize(Handle engine, Handle a, Handle keys);
Handle rescale(Handle engine, Handle a, int levels);
Handle dropTo(Handle engine, Handle a, int level);
Handle rotate(Handle engine, Handle a, std::int64_t steps, Handle keys);
void rotateMany(Handle engine, Handle a, const std::int64_t* steps, int count, Handle keys,
                std::int64_t* out);
Handle conjugate(Handle engine, Handle a, Handle keys);
Handle decrypt(Handle engine, Handle secret_key, Handle c, int count);

}  // namespace veilsum::seal_face::ckks_face

namespace veilsum::seal_face::bfv_face {

using bindings::Handle;

Handle add(Handle engine, Handle a, Handle b);
Handle sub(Handle engine, Handle a, Handle b);
Handle negate(Handle engine, Handle a);
Handle sum(Handle engine, const std::int64_t* terms, int count);
Handle addPlain(Handle engine, Handle a, Handle plaintext);
Handle subPlain(Handle engine, Handle a, Handle plaintext);
Handle addScalar(Handle engine, Handle a, std::int64_t k);
Handle multiplyPlain(Handle engine, Handle a, Handle plaintext);
Handle multiplyScalar(Handle engine, Handle a, std::int64_t k);
Handle innerProductPlain(Handle engine, const std::int64_t* a, const std::int64_t* plaintexts,
                         int count);
Handle multiply(Handle engine, Handle a, Handle b);
Handle innerProduct(Handle engine, const std::int64_t* a, const std::int64_t* b, int count);
Handle relinearize(Handle engine, Handle a, Handle keys);
Handle multiplyRelinearize(Handle engine, Handle a, Handle b, Handle keys);
Handle switchToLevel(Handle engine, Handle a, int level);
Handle rotate(Handle engine, Handle a, std::int64_t steps, Handle keys);
void rotateMany(Handle engine, Handle a, const std::int64_t* steps, int count, Handle keys,
                std::int64_t* out);
Handle swapRows(Handle engine, Handle a, Handle keys);
/// The context says how values are encoded.
Handle decrypt(Handle engine, Handle context, Handle secret_key, Handle c, int count);
Handle decryptCoefficients(Handle engine, Handle context, Handle secret_key, Handle c, int count);

}  // namespace veilsum::seal_face::bfv_face

#endif  // VEILSUM_WITHOUT_SEAL

#endif  // VEILSUM_SEAL_BACKEND_FACE_H_
