#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/support/descriptor.hpp"
#include "stresskit/support/result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>

namespace stresskit::control {

/// Who holds a data directory. Both are empty for the moment between taking the lock and writing
/// them.
struct ActiveRun {
  std::string run_id;
  pid_t pid = 0;
};

/// "20261123T101500Z-4f2a": UTC start time and four random hex digits.
[[nodiscard]] std::string new_run_id();

/// One run a data directory: an open-file-description lock on `run.lock`, so a crash frees it and
/// others can ask without taking it.
///
/// Taking it removes an old stop flag first and writes run id and pid into the lock file then;
/// only from there on is the run active and a flag counts.
class RunLock {
 public:
  /// Takes the lock. Throws support::Error(usage) with a sentence naming the holder when another
  /// run has it, and when the file cannot be made.
  [[nodiscard]] static RunLock take(const config::Data& data, const std::string& run_id);

  RunLock(RunLock&&) noexcept = default;
  RunLock& operator=(RunLock&&) = delete;
  ~RunLock();  ///< empties the file and frees the lock; the file stays

 private:
  explicit RunLock(support::Descriptor file) : file_(std::move(file)) {}

  support::Descriptor file_;
};

/// The run that holds the data directory at this moment, if any. Never blocks, changes nothing.
/// Throws support::Error(usage) when the lock file is there and cannot be opened.
[[nodiscard]] std::optional<ActiveRun> active_run(const config::Data& data);

}  // namespace stresskit::control
