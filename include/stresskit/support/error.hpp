#pragma once

#include <stdexcept>
#include <string>

namespace stresskit::support {

/// What a program's exit code means; the same in all of them. Where several hold, the order of
/// precedence is usage, unreachable, failed, threshold, partial.
enum class ExitCode : int {
  done = 0,
  failed = 1,       ///< it was tried and failed; also: the ledger does not add up
  usage = 2,        ///< usage, configuration, or our own machine cannot do it
  unreachable = 3,  ///< could not connect or log in
  partial = 4,      ///< done in part
  threshold = 99,   ///< a threshold was crossed
  killed = 130,     ///< ended by a second Ctrl+C
};

/// "This program cannot go on": thrown anywhere, caught once, in `run_app`.
///
/// The message is one or more whole sentences for a person: what failed, against what, why, and
/// what to try. It never contains a secret.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

  [[nodiscard]] ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

}  // namespace stresskit::support
