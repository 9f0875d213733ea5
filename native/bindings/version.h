#ifndef VEILSUM_BINDINGS_VERSION_H_
#define VEILSUM_BINDINGS_VERSION_H_

namespace veilsum::bindings {

/// The Maven version that the library was built for.
const char* version();
/// A hash of the native sources: Java refuses a library whose build id is not its own.
const char* buildId();

}  // namespace veilsum::bindings

#endif  // VEILSUM_BINDINGS_VERSION_H_
