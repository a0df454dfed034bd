#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace stresskit::sandbox {

/// Milliseconds since 1970 by the server's clock: this machine's, as far off as it was set. What
/// the sandbox stamps (rows without a `ts`, errors, tokens, the header `Date`) has this time; what
/// it paces or waits for does not.
///
/// Threads: any thread.
[[nodiscard]] std::int64_t now_ms();

/// The same as the header `Date` has it (RFC 9110, section 5.6.7).
[[nodiscard]] std::string http_date();

/// How far the server's clock is ahead of this machine's (negative: behind). One server a process,
/// so one clock.
void set_clock_offset(std::chrono::milliseconds offset);
[[nodiscard]] std::chrono::milliseconds clock_offset();

}  // namespace stresskit::sandbox
