#pragma once

#include "stresskit/support/clock.hpp"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

namespace stresskit::support {

/// How far a phase is, for people, on standard error: on a terminal a bar redrawn in place with
/// rate and remaining time, otherwise a plain line every few seconds. `NO_COLOR` is respected.
///
/// Threads: one thread at a time; the owner calls `update` as often as it likes (drawing is
/// limited to ten times a second).
class Progress {
 public:
  /// `label`: "provisioning"; `unit`: "devices".
  Progress(std::string label, std::string unit, std::uint64_t total, Clock& clock,
           std::FILE* out = stderr);
  ~Progress();  ///< leaves the cursor on a fresh line

  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(std::uint64_t done);
  void finish(std::uint64_t done);

 private:
  void draw(std::uint64_t done, bool last);

  std::string label_;
  std::string unit_;
  std::uint64_t total_;
  Clock& clock_;
  std::FILE* out_;
  bool terminal_;
  Mono::time_point started_;
  Mono::time_point next_draw_;
  bool drawn_ = false;
  bool finished_ = false;
};

/// Whether `file` is a terminal a person looks at.
[[nodiscard]] bool is_terminal(std::FILE* file);

/// Whether to colour what goes to `file`: a terminal, and NO_COLOR is not set
/// (https://no-color.org).
[[nodiscard]] bool use_color(std::FILE* file);

}  // namespace stresskit::support
