#pragma once

namespace stresskit::sandbox {

/// The queue that every message of the tenant takes, and the one service that works on it.
inline constexpr const char* queue_name = "Main";
inline constexpr const char* service_id = "sandbox";

}  // namespace stresskit::sandbox
