#pragma once

#include "support/child_process.hpp"
#include "support/temp_dir.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace stresskit::test {

/// Whether a limit was named in a metrics.json that has `words` in its name.
[[nodiscard]] bool names_limit(const nlohmann::json& metrics, const std::string& words);

/// The built `run_telemetry` as a process of its own, with everything it leaves behind: exit code,
/// metrics.json, archive. A test waits for a metrics.json that it likes; each one is checked for
/// the identities.
class TelemetryProgram {
 public:
  /// How it ended.
  struct End {
    int exit_code = 0;
    nlohmann::json metrics;  ///< the last metrics.json
    /// What is wrong with the files, in words: sums that do not add up, an archive that cannot be
    /// read whole or says something else, leftovers. Empty when all is well.
    std::string trouble;

    [[nodiscard]] std::uint64_t total(const std::string& counter) const;
    /// Whether the failure table has a row of this stage and bucket.
    [[nodiscard]] bool has(const std::string& stage, const std::string& bucket) const;
    [[nodiscard]] bool names_limit(const std::string& words) const {
      return test::names_limit(metrics, words);
    }
  };

  /// `count` devices sim-001... with tokens token-001..., a burst every 0.2 s.
  TelemetryProgram(std::uint16_t mqtt_port, std::size_t count);

  /// Options beside, or instead of, the usual ones: the last one counts.
  std::vector<std::string> options;

  [[nodiscard]] static std::string name(std::size_t index);   ///< from 1
  [[nodiscard]] static std::string token(std::size_t index);  ///< from 1

  void start();
  void signal(int number) const { process_->signal(number); }

  /// The first metrics.json, from now on, that satisfies `wanted`. Nothing, and the test has failed
  /// with the log, when none came within 30 s or the program ended without.
  [[nodiscard]] std::optional<nlohmann::json> wait_for(
      const std::function<bool(const nlohmann::json&)>& wanted);

  /// Asks it to stop (SIGINT) and waits for its end.
  [[nodiscard]] End stop();
  /// Waits for its end.
  [[nodiscard]] End finish();

  [[nodiscard]] std::filesystem::path data() const { return dir_ / "data"; }
  /// What it printed and logged so far.
  [[nodiscard]] std::string log() const;

 private:
  [[nodiscard]] std::optional<nlohmann::json> metrics();
  [[nodiscard]] std::string trouble_in_files(const nlohmann::json& last) const;

  TempDir dir_;
  std::uint16_t mqtt_port_;
  std::string broken_;  ///< the first identity that did not hold
  std::optional<ChildProcess> process_;
};

}  // namespace stresskit::test
