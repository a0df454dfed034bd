#pragma once

#include "sandbox/answer.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace stresskit::sandbox {

/// One way for REST to misbehave; see docs/sandbox.md for the JSON.
struct RestFault {
  std::uint64_t id = 0;
  std::string method;                  ///< empty: any
  std::string path;                    ///< `*` stands for anything; empty: everything under /api
  std::uint64_t skip = 0;              ///< requests to let pass first
  std::optional<std::uint64_t> times;  ///< requests left to hit; none: until taken back
  std::optional<int> status;
  std::string message;
  std::optional<int> retry_after_s;
  bool html = false;
  std::string cut;  ///< empty, "before" or "half"
  bool after_effect = false;
  std::chrono::milliseconds delay{0};
  std::uint64_t hits = 0;

  [[nodiscard]] bool ends_request() const { return status || !cut.empty(); }
};

/// What the faults make of one request.
struct FaultEffect {
  std::chrono::milliseconds delay{0};
  std::optional<RestFault> fault;  ///< the first that answers or cuts
};

/// The REST faults that are switched on.
///
/// Threads: every method may be called from any thread.
class RestFaults {
 public:
  /// Reads a fault from its JSON; throws Refusal (400) naming what is wrong with it.
  [[nodiscard]] static RestFault parse(const nlohmann::json& json);

  std::uint64_t add(RestFault fault);
  void clear();

  /// Counts the request against every fault that fits it. Delays add up; of the faults that answer
  /// the oldest wins, and the others are not used up.
  [[nodiscard]] FaultEffect take(const std::string& method, const std::string& path);

  [[nodiscard]] nlohmann::json to_json() const;

 private:
  mutable std::mutex mutex_;
  // guarded by mutex_
  std::vector<RestFault> faults_;
  std::uint64_t next_id_ = 1;
};

/// The answer of a fault that has a status.
[[nodiscard]] Answer fault_answer(const RestFault& fault);

}  // namespace stresskit::sandbox
