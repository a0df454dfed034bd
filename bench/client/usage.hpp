#pragma once

#include <cstdint>
#include <sys/resource.h>

namespace bench {

/// Seconds of processor time: RUSAGE_SELF for the process, RUSAGE_THREAD for the calling thread.
[[nodiscard]] double cpu_seconds(__rusage_who_t who);

/// Memory the process has written to and that no file stands behind: what it took for itself.
[[nodiscard]] double anonymous_bytes();

/// How many descriptors the process has open, the three standard ones included.
[[nodiscard]] std::uint64_t open_descriptors();

}  // namespace bench
