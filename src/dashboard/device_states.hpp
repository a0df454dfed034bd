#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace stresskit::dashboard {

/// The state of every device of a run, followed through the `device` rows of `events.ndjson`.
///
/// A state is one character: `o` connecting (also: nothing heard of yet), `c` connected, `d`
/// disconnected, `f` failed. Each change has a number, so that a page that knows the states up to
/// one is told the later changes only.
class DeviceStates {
 public:
  /// How many devices the run has; rows of devices beyond `most_devices` are skipped.
  void expect(std::size_t devices);
  /// Rows of other types, of no device, or that are no JSON are skipped.
  void add_lines(std::string_view lines);

  [[nodiscard]] std::uint64_t sequence() const { return sequence_; }
  [[nodiscard]] std::size_t size() const { return states_.size(); }

  /// {"next": sequence, "count": devices} and either `states`, one character a device, or
  /// `changes`, the indices that changed after `since` by their new state.
  [[nodiscard]] nlohmann::json news(std::uint64_t since) const;

  /// What happened to a device, oldest first: its latest changes among the last
  /// `most_changes` of the whole run. [{"t", "state", "stage", "bucket", "detail"}]
  [[nodiscard]] nlohmann::json history(std::size_t device) const;

  static constexpr std::size_t most_devices = 100'000;
  static constexpr std::size_t most_changes = 400'000;  ///< 24 bytes each: memory stays flat

 private:
  using Cause = std::tuple<std::string, std::string, std::string>;  ///< stage, bucket, detail
  struct Change {
    double t;
    std::uint32_t device;
    std::uint32_t cause;  ///< row of causes_; 0: none
    char state;
  };

  void add(const nlohmann::json& row);
  [[nodiscard]] std::uint32_t cause_of(const nlohmann::json& row);

  std::string states_;                     ///< one character a device
  std::vector<std::uint64_t> changed_at_;  ///< the sequence number of each device's last change
  std::uint64_t sequence_ = 0;
  std::deque<Change> changes_;  ///< the last ones of the run
  std::vector<Cause> causes_{Cause{}};
  std::map<Cause, std::uint32_t> cause_rows_;
};

}  // namespace stresskit::dashboard
